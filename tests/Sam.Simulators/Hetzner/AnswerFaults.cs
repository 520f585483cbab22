using System.Globalization;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>Answers that are not as they should be, though all is well behind them.</summary>
internal static class AnswerFaults
{
    private static readonly TimeSpan s_lateToShow = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_addressLate = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_skew = TimeSpan.FromHours(1);

    /// <summary>The answer as the faults that play would have it.</summary>
    public static Answer Bend(Answer answer, string method, DateTimeOffset now, Func<string, HetznerFault?> struck)
    {
        if (answer.Body is not JsonObject body || answer.Status >= 300)
            return answer;
        if (method == "GET" && Things(body, listed: false).Any(thing => IsYounger(thing, s_lateToShow, now)))
        {
            if (struck(HetznerFaults.LateToShow) is not null)
                return Answer.NotFound("it");
        }
        if (Servers(body).Any() && struck(HetznerFaults.AddressLate) is { } late)
        {
            foreach (var server in Servers(body).Where(server => IsYounger(server, late.Delay ?? s_addressLate, now)))
                server["public_net"]!["ipv4"] = null;
        }
        if (struck(HetznerFaults.ClockSkew) is { } skew)
        {
            foreach (var thing in Things(body, listed: true).Where(thing => thing["created"] is not null))
                thing["created"] = Time.Text(CreatedAt(thing) + (skew.Delay ?? s_skew));
        }
        if (Servers(body).Any() && struck(HetznerFaults.UnknownWords) is not null)
        {
            foreach (var server in Servers(body))
                server["status"] = "hibernating";
        }
        return answer;
    }

    /// <summary>The body as it goes out.</summary>
    public static string Text(JsonObject body, Func<string, HetznerFault?> struck)
    {
        if (struck(HetznerFaults.EmptyBody) is not null)
            return "";
        if (struck(HetznerFaults.WrongShape) is not null)
            return """{"servers":"none","surprise":true}""";
        if (struck(HetznerFaults.NullThing) is not null)
            return new JsonObject(body.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)null))).ToJsonString();
        if (struck(HetznerFaults.MissingField) is not null)
            return new JsonObject(
                body.Skip(1).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))
            ).ToJsonString();
        if (struck(HetznerFaults.HugeBody) is not null)
            body["padding"] = new string(' ', 24 << 20);
        return body.ToJsonString();
    }

    private static IEnumerable<JsonObject> Servers(JsonObject body) =>
        (body["servers"] as JsonArray ?? []).Append(body["server"]).OfType<JsonObject>();

    private static IEnumerable<JsonObject> Things(JsonObject body, bool listed) =>
        body.SelectMany(field => field.Value is JsonArray list && listed ? list.OfType<JsonObject>() : [])
            .Concat(body.Select(field => field.Value).OfType<JsonObject>());

    private static bool IsYounger(JsonObject thing, TimeSpan age, DateTimeOffset now) =>
        thing["created"] is not null && now - CreatedAt(thing) < age;

    private static DateTimeOffset CreatedAt(JsonObject thing) =>
        DateTimeOffset.Parse(thing["created"]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
