using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>Refuses what the real API refuses in a firewall's rules.</summary>
internal static class FirewallRules
{
    private const int Most = 50;
    private static readonly string[] s_fields = ["description", "direction", "source_ips", "destination_ips", "protocol", "port"];
    private static readonly string[] s_protocols = ["tcp", "udp", "icmp", "esp", "gre"];

    /// <summary>The first thing that is wrong; null if all rules are well-formed.</summary>
    public static Answer? Wrong(JsonNode? rules)
    {
        if (rules is null)
            return null;
        if (rules is not JsonArray list || list.Count > Most)
            return Answer.Invalid("rules", $"must be a list of at most {Most}");
        return list.Select((rule, at) => WrongOne(rule as JsonObject, $"rules.{at}")).FirstOrDefault(wrong => wrong is not null);
    }

    /// <summary>A rule as the API shows it: nothing left out.</summary>
    public static JsonObject Filled(JsonObject rule) =>
        new()
        {
            ["description"] = rule["description"]?.DeepClone(),
            ["direction"] = rule["direction"]!.DeepClone(),
            ["source_ips"] = rule["source_ips"]?.DeepClone() ?? new JsonArray(),
            ["destination_ips"] = rule["destination_ips"]?.DeepClone() ?? new JsonArray(),
            ["protocol"] = rule["protocol"]!.DeepClone(),
            ["port"] = rule["port"]?.DeepClone(),
        };

    private static Answer? WrongOne(JsonObject? rule, string path)
    {
        if (rule is null || rule.Any(field => !s_fields.Contains(field.Key)))
            return Answer.Invalid(path, "unknown field or type");
        var (direction, protocol, port) = (
            CreateValidation.Word(rule["direction"]),
            CreateValidation.Word(rule["protocol"]),
            CreateValidation.Word(rule["port"])
        );
        if (direction is not ("in" or "out"))
            return Answer.Invalid($"{path}.direction", "must be in or out");
        if (!s_protocols.Contains(protocol))
            return Answer.Invalid($"{path}.protocol", "unknown protocol");
        if (protocol is "tcp" or "udp" != port.Length > 0)
            return Answer.Invalid($"{path}.port", "a port is for tcp and udp, and needed there");
        if (
            port.Length > 0
            && port != "any"
            && !port.Split('-').All(end => int.TryParse(end, out var number) && number is > 0 and < 65536)
        )
            return Answer.Invalid($"{path}.port", "is no port or range of ports");
        var field = direction == "in" ? "source_ips" : "destination_ips";
        return rule[field] is JsonArray { Count: > 0 and <= 100 } networks && networks.All(IsNetwork)
            ? null
            : Answer.Invalid($"{path}.{field}", "must be 1 to 100 networks in CIDR form");
    }

    // The real API refuses host bits as well: 10.0.0.1/8 is no network.
    private static bool IsNetwork(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String
        && node.GetValue<string>() is var text
        && IPNetwork.TryParse(text, out var network)
        && IPAddress.TryParse(text.Split('/')[0], out var address)
        && address.Equals(network.BaseAddress);
}
