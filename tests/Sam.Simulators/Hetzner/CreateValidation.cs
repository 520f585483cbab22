using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sam.Simulators.Hetzner;

/// <summary>Refuses what the real API refuses in the body of a create; every field is looked at.</summary>
internal static partial class CreateValidation
{
    private static readonly Dictionary<string, JsonValueKind[]> s_fields = new(StringComparer.Ordinal)
    {
        ["name"] = [JsonValueKind.String],
        ["location"] = [JsonValueKind.String, JsonValueKind.Number],
        ["datacenter"] = [JsonValueKind.String, JsonValueKind.Number],
        ["server_type"] = [JsonValueKind.String, JsonValueKind.Number],
        ["start_after_create"] = [JsonValueKind.True, JsonValueKind.False],
        ["image"] = [JsonValueKind.String, JsonValueKind.Number],
        ["placement_group"] = [JsonValueKind.Number],
        ["ssh_keys"] = [JsonValueKind.Array],
        ["volumes"] = [JsonValueKind.Array],
        ["networks"] = [JsonValueKind.Array],
        ["firewalls"] = [JsonValueKind.Array],
        ["user_data"] = [JsonValueKind.String],
        ["labels"] = [JsonValueKind.Object],
        ["automount"] = [JsonValueKind.True, JsonValueKind.False],
        ["public_net"] = [JsonValueKind.Object],
    };

    /// <summary>The first thing that is wrong with the body's form; null if it is well-formed.</summary>
    public static Answer? Form(JsonObject body)
    {
        foreach (var (key, value) in body)
        {
            if (!s_fields.TryGetValue(key, out var kinds))
            {
                return Answer.Invalid(key, "unknown field");
            }
            if (value is not null && !kinds.Contains(value.GetValueKind()))
            {
                return Answer.Invalid(key, $"must not be a {value.GetValueKind().ToString().ToLowerInvariant()}");
            }
        }
        foreach (var required in new[] { "name", "server_type", "image" })
        {
            if (Word(body[required]).Length == 0)
            {
                return Answer.Invalid(required, "Missing data for required field.");
            }
        }
        if (!IsHostname(Word(body["name"])))
        {
            return Answer.Invalid("name", "is no valid hostname (RFC 1123)");
        }
        if (Encoding.UTF8.GetByteCount(Word(body["user_data"])) > 32 * 1024)
        {
            return Answer.Invalid("user_data", "is too long (max 32768)");
        }
        return LabelsOf(body["labels"] as JsonObject) ?? References(body) ?? PublicNet(body["public_net"] as JsonObject);
    }

    /// <summary>What is wrong with a set of labels.</summary>
    public static Answer? LabelsOf(JsonObject? labels)
    {
        foreach (var (key, value) in labels ?? [])
        {
            if (!Labels.IsKey(key))
            {
                return Answer.Invalid("labels", $"'{key}' is no valid label key");
            }
            if (value?.GetValueKind() != JsonValueKind.String || !Labels.IsValue(value.GetValue<string>()))
            {
                return Answer.Invalid("labels", $"the value of '{key}' is no valid label value");
            }
        }
        return null;
    }

    public static bool IsHostname(string name) => name.Length <= 253 && Hostname().IsMatch(name);

    /// <summary>A name or an id, as text.</summary>
    public static string Word(JsonNode? node) =>
        node?.GetValueKind() switch
        {
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.Number => node.ToJsonString(),
            _ => "",
        };

    public static bool Names(string word, long id, string name) =>
        word == name || word == id.ToString(CultureInfo.InvariantCulture);

    private static Answer? References(JsonObject body)
    {
        if (body["placement_group"] is not null)
        {
            return Answer.Invalid("placement_group", "not found");
        }
        return body["location"] is not null && body["datacenter"] is not null
            ? Answer.Invalid("location", "must not be used together with datacenter")
            : null;
    }

    private static Answer? PublicNet(JsonObject? net)
    {
        foreach (var (key, value) in net ?? [])
        {
            var kind = value?.GetValueKind() ?? JsonValueKind.Null;
            var valid = key switch
            {
                "enable_ipv4" or "enable_ipv6" => kind is JsonValueKind.True or JsonValueKind.False,
                "ipv4" => kind is JsonValueKind.Null or JsonValueKind.Number,
                "ipv6" => kind is JsonValueKind.Null,
                _ => false,
            };
            if (!valid)
            {
                return Answer.Invalid(
                    $"public_net.{key}",
                    kind == JsonValueKind.Number ? "Primary IP not found" : "unknown field or type"
                );
            }
        }
        return null;
    }

    [GeneratedRegex(
        @"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Hostname();
}
