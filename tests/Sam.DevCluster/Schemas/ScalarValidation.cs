using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>Bounds, lengths, patterns and formats of single values.</summary>
internal static class ScalarValidation
{
    public static void Check(JsonNode? node, JsonKind kind, Schema schema, string path, List<FieldError> errors)
    {
        if (node.Text() is { } text)
            CheckText(node, text, schema, path, errors);
        else if (node.TryNumber(out var number))
            CheckNumber(node, number, kind, schema, path, errors);
    }

    /// <summary>A value of another type; a fraction where a whole number belongs is refused twice, as the real server does.</summary>
    public static IEnumerable<FieldError> WrongType(JsonKind kind, Schema schema, string path)
    {
        var isFraction = kind == JsonKind.Number && schema.Type == "integer";
        var hasFormat = isFraction && schema.Format is "int32" or "int64";
        var was = hasFormat ? "float64" : kind.ToString().ToLowerInvariant();
        var wanted =
            schema.IntOrString ? "integer,string"
            : hasFormat ? schema.Format
            : schema.Type;
        yield return FieldError.Type(
            path.Length == 0 ? "<nil>" : path,
            was,
            $"{path} in body must be of type {wanted}: \"{was}\""
        );
        if (isFraction)
            yield return FieldError.Invalid(
                "<nil>",
                JsonValue.Create(""),
                $"Checked value must be of type integer {(hasFormat ? $"with format {schema.Format}" : "(default format)")} in {path}"
            );
    }

    /// <summary>The bounds of a fraction where a whole number belongs: checked although the type is wrong already.</summary>
    public static void CheckFraction(JsonNode? node, JsonKind kind, Schema schema, string path, List<FieldError> errors)
    {
        if (
            kind == JsonKind.Number
            && schema is { Type: "integer", Format: null, IntOrString: false }
            && node.TryNumber(out var number)
        )
            CheckNumber(node, number, kind, schema, path, errors);
    }

    private static void CheckText(JsonNode? node, string text, Schema schema, string path, List<FieldError> errors)
    {
        var length = text.EnumerateRunes().Count();
        // The first failure of the three is the only one that is told.
        if (length > schema.MaxLength)
            errors.Add(
                new FieldError(
                    path,
                    "FieldValueTooLong",
                    $"Too long: may not be more than {schema.MaxLength} byte{(schema.MaxLength == 1 ? "" : "s")}"
                )
            );
        else if (length < schema.MinLength)
            errors.Add(FieldError.Invalid(path, node, $"{path} in body should be at least {schema.MinLength} chars long"));
        else if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
            errors.Add(FieldError.Invalid(path, node, $"{path} in body should match '{schema.PatternText}'"));
        if (schema.Format is { } format && !StringFormats.Fits(format, text))
            errors.Add(
                FieldError.Type(
                    path,
                    text,
                    $"{path} in body must be of type {StringFormats.NameOf(format)}: {FieldError.GoQuote(text)}"
                )
            );
    }

    private static void CheckNumber(
        JsonNode? node,
        double number,
        JsonKind kind,
        Schema schema,
        string path,
        List<FieldError> errors
    )
    {
        if (schema.Format == "int32" && kind == JsonKind.Integer && (number > int.MaxValue || number < int.MinValue))
        {
            errors.Add(
                FieldError.Invalid(
                    "<nil>",
                    JsonValue.Create(""),
                    $"Checked value must be of type integer with format int32 in {path}"
                )
            );
            return;
        }
        if (schema.Format == "float" && Math.Abs(number) > float.MaxValue)
        {
            errors.Add(
                FieldError.Invalid(
                    "<nil>",
                    JsonValue.Create(""),
                    $"Checked value must be of type number with format float in {path}"
                )
            );
            return;
        }
        if (schema.MultipleOf is { } unit && Math.Abs(Math.IEEERemainder(number, unit)) > 1e-9)
            errors.Add(FieldError.Invalid(path, node, $"{path} in body should be a multiple of {JsonNumbers.Text(unit)}"));
        if (schema.Maximum is { } most && (schema.ExclusiveMaximum ? number >= most : number > most))
            errors.Add(
                FieldError.Invalid(
                    path,
                    node,
                    $"{path} in body should be less than {(schema.ExclusiveMaximum ? "" : "or equal to ")}{JsonNumbers.Text(most)}"
                )
            );
        if (schema.Minimum is { } least && (schema.ExclusiveMinimum ? number <= least : number < least))
            errors.Add(
                FieldError.Invalid(
                    path,
                    node,
                    $"{path} in body should be greater than {(schema.ExclusiveMinimum ? "" : "or equal to ")}{JsonNumbers.Text(least)}"
                )
            );
    }
}
