using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Schemas;

/// <summary>Names, labels and other metadata that the API server checks on every kind.</summary>
internal static partial class Names
{
    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string QualifiedRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string ValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public const string Dns1035Rule =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    public const string MixedCaseRule = "may have mixed case, but should otherwise match: " + Dns1035Rule;

    public static bool IsDns1035Label(string text) =>
        text.Length <= 63 && text.Length > 0 && char.IsAsciiLetterLower(text[0]) && IsDnsLabel(text);

    /// <summary>Why a text is no subdomain; null when it is one.</summary>
    public static string? SubdomainProblem(string text) => IsDnsSubdomain(text) ? null : SubdomainRule;

    public static bool IsDnsLabel(string text) => LabelPattern().IsMatch(text);

    public static bool IsDnsSubdomain(string text) => SubdomainPattern().IsMatch(text);

    public static IEnumerable<FieldError> CheckName(string name, NameRule rule)
    {
        const string field = "metadata.name";
        if (rule == NameRule.Path)
        {
            if (name is "." or "..")
                yield return FieldError.Invalid(field, JsonValue.Create(name), $"may not be '{name}'");
            foreach (var bad in new[] { "/", "%" }.Where(name.Contains))
                yield return FieldError.Invalid(field, JsonValue.Create(name), $"may not contain '{bad}'");
            yield break;
        }
        if (rule == NameRule.Label)
        {
            if (name.Contains('.'))
                yield return FieldError.Invalid(field, JsonValue.Create(name), "must not contain dots");
            else if (name.Length > 63)
                yield return FieldError.Invalid(field, JsonValue.Create(name), "must be no more than 63 characters");
            else if (!IsDnsLabel(name))
                yield return FieldError.Invalid(field, JsonValue.Create(name), LabelRule);
            yield break;
        }
        if (name.Length > 253)
            yield return FieldError.Invalid(field, JsonValue.Create(name), "must be no more than 253 characters");
        if (!IsDnsSubdomain(name))
            yield return FieldError.Invalid(field, JsonValue.Create(name), SubdomainRule);
    }

    /// <summary>The whole of metadata.</summary>
    public static IEnumerable<FieldError> CheckMetadata(JsonObject metadata)
    {
        foreach (var error in CheckLabels(metadata))
            yield return error;
        foreach (var finalizer in metadata.Child("finalizers").Strings())
        {
            foreach (var problem in QualifiedName(finalizer))
                yield return FieldError.Invalid("metadata.finalizers", JsonValue.Create(finalizer), problem);
        }
        if (metadata.Child("finalizers").Strings().Intersect(["orphan", "foregroundDeletion"]).Count() == 2)
            yield return FieldError.Invalid(
                "metadata.finalizers",
                metadata.Child("finalizers"),
                "finalizer orphan and foregroundDeletion cannot be both set"
            );
        foreach (var error in OwnerReferences.Check(metadata.Array("ownerReferences")))
            yield return error;
    }

    /// <summary>Finalizers of built-in kinds are standard ones or have a domain.</summary>
    public static IEnumerable<FieldError> CheckCoreFinalizers(JsonObject metadata) =>
        metadata
            .Child("finalizers")
            .Strings()
            .Where(name => !name.Contains('/') && name is not ("kubernetes" or "orphan" or "foregroundDeletion"))
            .Select(name =>
                FieldError.Invalid(
                    "metadata.finalizers",
                    JsonValue.Create(name),
                    "name is neither a standard finalizer name nor is it fully qualified"
                )
            );

    public static IEnumerable<FieldError> CheckLabels(JsonObject metadata)
    {
        foreach (var (key, value) in metadata.Object("labels") ?? [])
        {
            foreach (var problem in QualifiedName(key))
                yield return FieldError.Invalid("metadata.labels", JsonValue.Create(key), problem);
            if (value.Text() is { Length: > 63 })
                yield return FieldError.Invalid("metadata.labels", value, "must be no more than 63 bytes");
            else if (value.Text() is { } text && !ValuePattern().IsMatch(text))
                yield return FieldError.Invalid("metadata.labels", value, ValueRule);
        }
        foreach (var (key, _) in metadata.Object("annotations") ?? [])
        {
            foreach (var problem in QualifiedName(key.ToLowerInvariant()))
                yield return FieldError.Invalid("metadata.annotations", JsonValue.Create(key), problem);
        }
        var size = (metadata.Object("annotations") ?? []).Sum(pair => pair.Key.Length + (pair.Value.Text()?.Length ?? 0));
        if (size > 256 * 1024)
            yield return FieldError.TooLong("metadata.annotations", 256 * 1024);
    }

    public static IEnumerable<string> QualifiedName(string text)
    {
        var slash = text.IndexOf('/');
        var name = slash < 0 ? text : text[(slash + 1)..];
        if (slash == 0)
            yield return "prefix part must be non-empty";
        else if (slash > 0 && !IsDnsSubdomain(text[..slash]))
            yield return "prefix part " + SubdomainRule;
        if (name.Length == 0)
            yield return "name part must be non-empty";
        else if (name.Length > 63)
            yield return "name part must be no more than 63 bytes";
        if (!NamePattern().IsMatch(name))
            yield return QualifiedRule;
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex ValuePattern();
}

/// <summary>What names a kind allows.</summary>
internal enum NameRule
{
    Subdomain,
    Label,
    Path,
}
