using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>Rules that config maps and secrets share: key names, size, immutability.</summary>
internal abstract partial class KeyedDataStrategy : ResourceStrategy
{
    private const int SizeLimit = 1024 * 1024;

    private const string KeyRule =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    protected static IEnumerable<FieldError> CheckKeys(JsonObject node, string field)
    {
        foreach (var (key, _) in node.Object(field) ?? [])
        {
            if (key is "." or "..")
                yield return FieldError.Invalid($"{field}[{key}]", JsonValue.Create(key), $"must not be '{key}'");
            else if (key.Length > 253)
                yield return FieldError.Invalid($"{field}[{key}]", JsonValue.Create(key), "must be no more than 253 characters");
            else if (!KeyPattern().IsMatch(key))
                yield return FieldError.Invalid($"{field}[{key}]", JsonValue.Create(key), KeyRule);
        }
    }

    /// <summary>Bytes are decoded before anything is validated, so garbage is a malformed request.</summary>
    protected static void RequireBase64(JsonObject node, string field)
    {
        foreach (var (_, value) in node.Object(field) ?? [])
        {
            if (value.Text() is { } text && !Convert.TryFromBase64String(text, new byte[text.Length], out _))
                throw Http.Failures.BadRequest(
                    $"{node.Text("kind")} in version \"v1\" cannot be handled as a {node.Text("kind")}: illegal base64 data at input byte {BadByte(text)}"
                );
        }
    }

    private static int BadByte(string text)
    {
        var at = 0;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '+' or '/'))
            at++;
        return at;
    }

    protected static IEnumerable<FieldError> CheckImmutable(JsonObject node, JsonObject? old, params string[] fields)
    {
        if (old is null || !old.IsTrue("immutable"))
            yield break;
        if (!node.IsTrue("immutable"))
            yield return FieldError.Forbidden("immutable", "field is immutable when `immutable` is set");
        foreach (var field in fields.Where(field => !JsonAccess.Same(Content(node, field), Content(old, field))))
            yield return FieldError.Forbidden(field, "field is immutable when `immutable` is set");
    }

    protected static IEnumerable<FieldError> CheckSize(JsonObject node, string shown, params string[] fields)
    {
        var size = fields.Sum(field =>
            (node.Object(field) ?? []).Sum(pair => Encoding.UTF8.GetByteCount(pair.Value.Text() ?? ""))
        );
        if (size > SizeLimit)
            yield return new FieldError(shown, "FieldValueTooLong", $"Too long: may not be more than {SizeLimit} bytes");
    }

    private static JsonObject Content(JsonObject node, string field) => node.Object(field) ?? [];

    [GeneratedRegex(@"\A[-._a-zA-Z0-9]+\z")]
    private static partial Regex KeyPattern();
}

/// <summary>ConfigMaps.</summary>
internal sealed class ConfigMapStrategy : KeyedDataStrategy
{
    public override void Prepare(JsonObject node, JsonObject? old)
    {
        foreach (var (key, value) in (node.Object("data") ?? []).ToList())
            if (value is null)
                node.Object("data")![key] = ""; // a Go string has no null
        RequireBase64(node, "binaryData");
    }

    public override IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old) =>
        [
            .. CheckImmutable(node, old, "data", "binaryData"),
            .. CheckKeys(node, "data"),
            .. (node.Object("data") ?? [])
                .Where(pair => node.Object("binaryData")?.ContainsKey(pair.Key) == true)
                .Select(pair =>
                    FieldError.Invalid($"data[{pair.Key}]", JsonValue.Create(pair.Key), "duplicate of key present in binaryData")
                ),
            .. CheckKeys(node, "binaryData"),
            .. CheckSize(node, "[]", "data", "binaryData"),
        ];
}

/// <summary>Secrets: <c>stringData</c> is write-only, the type is fixed, some types require keys.</summary>
internal sealed class SecretStrategy : KeyedDataStrategy
{
    private static readonly Dictionary<string, string[]> RequiredKeys = new()
    {
        ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/dockercfg"] = [".dockercfg"],
        ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"],
    };

    public override void Prepare(JsonObject node, JsonObject? old)
    {
        RequireBase64(node, "data");
        if (node.Object("stringData") is { } plain)
        {
            node.Remove("stringData");
            var data = node.Ensure("data");
            foreach (var (key, value) in plain)
                data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Text() ?? ""));
        }
        if (string.IsNullOrEmpty(node.Text("type")))
            node["type"] = "Opaque";
    }

    public override IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old)
    {
        var type = node.Text("type") ?? "";
        var errors = new List<FieldError>();
        if (old is not null && old.Text("type") != type)
            errors.Add(FieldError.Invalid("type", JsonValue.Create(type), "field is immutable"));
        errors.AddRange(CheckImmutable(node, old, "data"));
        errors.AddRange(CheckKeys(node, "data"));
        errors.AddRange(CheckSize(node, "data", "data"));
        foreach (var key in RequiredKeys.GetValueOrDefault(type, []).Where(key => node.Object("data")?.ContainsKey(key) != true))
            errors.Add(FieldError.Required($"data[{key}]"));
        errors.AddRange(SecretContents.Check(node, type));
        if (
            type == "kubernetes.io/service-account-token"
            && string.IsNullOrEmpty(node.At("metadata", "annotations", "kubernetes.io/service-account.name").Text())
        )
            errors.Add(FieldError.Required("metadata.annotations[kubernetes.io/service-account.name]"));
        if (
            type == "kubernetes.io/basic-auth"
            && node.Object("data")?.ContainsKey("username") != true
            && node.Object("data")?.ContainsKey("password") != true
        )
            errors.AddRange([FieldError.Required("data[username]"), FieldError.Required("data[password]")]);
        return errors;
    }

    public override IEnumerable<string> Warnings(JsonObject node, JsonObject? old) => SecretContents.Warnings(node);

    public override bool HasOwnSelectors => true;

    public override string? Select(JsonObject node, string field) =>
        field == "type" ? node.Text("type") ?? "" : base.Select(node, field);
}
