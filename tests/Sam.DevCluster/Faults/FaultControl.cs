using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Faults;

/// <summary>The faults over HTTP, for whoever holds the administrator's certificate: <c>/_dev/faults</c>.</summary>
internal sealed class FaultControl(DevClusterFaults faults)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new LatencyConverter() },
    };

    public async Task HandleAsync(HttpContext context, string[] path)
    {
        if (context.Connection.ClientCertificate is not { } certificate || !certificate.Subject.Contains("O=system:masters"))
            throw new StatusException(403, "Forbidden", "faults are for the administrator's certificate only");
        switch (context.Request.Method, path)
        {
            case ("GET", []):
                await Answers.WriteAsync(context, 200, Rules());
                break;
            case ("POST", []):
                await PlayAsync(context);
                break;
            case ("DELETE", []):
                faults.Clear();
                await Answers.WriteAsync(context, 200, Rules());
                break;
            case ("DELETE", [var id]) when int.TryParse(id, out var number) && faults.Stop(number):
                await Answers.WriteAsync(context, 200, Rules());
                break;
            default:
                throw Failures.NoResource();
        }
    }

    // What happens at once has an action of its own; everything else is a rule.
    private async Task PlayAsync(HttpContext context)
    {
        var body = ReadBody(await RequestBody.ReadAsync(context));
        var resource = body.Text("resource");
        switch (body.Text("action"))
        {
            case "drop-watches":
                faults.DropWatches(resource);
                break;
            case "hang-watches" when resource is not null:
                faults.HangWatches(resource);
                break;
            case "resume-watches" when resource is not null:
                faults.ResumeWatches(resource);
                break;
            case "compact-history":
                faults.CompactHistory();
                break;
            default:
                var id = faults.Play(Read(body));
                await Answers.WriteAsync(context, 201, new JsonObject { ["id"] = id });
                return;
        }
        await Answers.WriteAsync(context, 200, Rules());
    }

    // YAML, which JSON is a part of.
    private static JsonObject ReadBody(byte[] body) =>
        RequestBody.Parse(body, "application/yaml", null) as JsonObject ?? throw Failures.BadRequest("a fault is an object");

    private static DevClusterFault Read(JsonObject body)
    {
        try
        {
            return body.Deserialize<DevClusterFault>(Form)!;
        }
        catch (JsonException fault)
        {
            throw Failures.BadRequest($"not a fault: {fault.Message}");
        }
    }

    private JsonObject Rules() =>
        new()
        {
            ["faults"] = new JsonArray([
                .. faults.Rules.Select(rule =>
                {
                    var node = JsonSerializer.SerializeToNode(rule.Fault, Form)!;
                    (node["id"], node["matched"], node["happened"]) = (rule.Id, rule.Matched, rule.Happened);
                    return node;
                }),
            ]),
        };

    /// <summary>Durations as people write them: 250ms, 1.5s.</summary>
    private sealed class LatencyConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.GetString() ?? "";
            var unit = text.EndsWith("ms", StringComparison.Ordinal) ? "ms" : "s";
            return text.EndsWith(unit, StringComparison.Ordinal) && double.TryParse(text[..^unit.Length], out var number)
                ? TimeSpan.FromSeconds(unit == "ms" ? number / 1000 : number)
                : throw new JsonException($"\"{text}\" is no latency such as 250ms or 1.5s");
        }

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteStringValue($"{value.TotalMilliseconds}ms");
    }
}
