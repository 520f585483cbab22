using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>One refused field in the message forms of Kubernetes' field errors.</summary>
internal sealed record FieldError(string Field, string Reason, string Body)
{
    public override string ToString() => $"{Field}: {Body}";

    public static FieldError Required(string field, string detail = "") =>
        new(field, "FieldValueRequired", detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public static FieldError Invalid(string field, JsonNode? value, string detail) =>
        new(field, "FieldValueInvalid", $"Invalid value: {Quote(value)}: {detail}");

    /// <summary>For values that Kubernetes prints in Go's own form.</summary>
    public static FieldError InvalidRaw(string field, string printed, string detail) =>
        new(field, "FieldValueInvalid", $"Invalid value: {printed}: {detail}");

    public static FieldError Type(string field, string was, string detail) =>
        new(field, "FieldValueTypeInvalid", $"Invalid value: \"{was}\": {detail}");

    public static FieldError Unsupported(string field, JsonNode? value, IEnumerable<string> supported) =>
        new(
            field,
            "FieldValueNotSupported",
            $"Unsupported value: {Quote(value)}: supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}"
        );

    public static FieldError Duplicate(string field, JsonNode? value) =>
        new(field, "FieldValueDuplicate", $"Duplicate value: {Quote(value)}");

    public static FieldError Forbidden(string field, string detail) => new(field, "FieldValueForbidden", $"Forbidden: {detail}");

    public static FieldError TooLong(string field, int limit) =>
        new(field, "FieldValueTooLong", $"Too long: may not be more than {limit} bytes");

    public static FieldError TooMany(string field, int was, int limit) =>
        new(field, "FieldValueTooMany", $"Too many: {was}: must have at most {limit} items");

    public static string Quote(JsonNode? value) =>
        value switch
        {
            null => "null",
            JsonObject or JsonArray => value.ToText(),
            _ when !value.TryInteger(out _) && value.TryNumber(out var real) => JsonNumbers.RealText(real),
            _ when value.TryNumber(out var number) => JsonNumbers.Text(number),
            _ when value.Text() is { } text => GoQuote(text),
            _ => value.ToText(),
        };

    public static string GoQuote(string text) =>
        "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\t", "\\t") + "\"";
}
