using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>The faults that have nothing to do with what a call is about.</summary>
internal static class Outages
{
    /// <summary>Before anything happened.</summary>
    public static Answer? Before(Exchange exchange)
    {
        if (exchange.Strike(GitHubFaults.Aborted) is not null)
        {
            return new Answer(0, null);
        }
        if (exchange.Strike(GitHubFaults.HtmlPage) is { } page)
        {
            return new Answer(page.Status ?? 502, null) { Raw = Encoding.UTF8.GetBytes("<html><body>Unicorn!</body></html>") };
        }
        if (exchange.Strike(GitHubFaults.Unavailable) is { } unavailable)
        {
            var answer = Answer.Error(503, "Service Unavailable");
            answer.Headers["Retry-After"] = $"{Seconds(unavailable.Delay ?? TimeSpan.FromSeconds(30))}";
            return answer;
        }
        return exchange.Strike(GitHubFaults.ServerError) is { } broken
            ? Answer.Error(broken.Status ?? 500, "Server Error")
            : null;
    }

    /// <summary>Limits that are played, not reached.</summary>
    public static Answer? Limits(Exchange exchange, RateLimits.Hour hour)
    {
        if ((exchange.Strike(GitHubFaults.RateLimited) ?? exchange.Strike(GitHubFaults.RateLimited429)) is { } primary)
        {
            var answer = Answer.Error(primary.Name == GitHubFaults.RateLimited ? 403 : 429, "API rate limit exceeded.");
            (answer.Headers["x-ratelimit-remaining"], answer.Headers["x-ratelimit-used"]) = ("0", $"{hour.Limit}");
            return answer;
        }
        if (exchange.Strike(GitHubFaults.SecondaryLimit) is { } secondary)
        {
            return Secondary(secondary.Status ?? 403, secondary.Delay ?? TimeSpan.FromSeconds(60));
        }
        if (exchange.Strike(GitHubFaults.SecondaryLimitBare) is { } bare)
        {
            return Secondary(bare.Status ?? 429, null);
        }
        return exchange.Strike(GitHubFaults.Abuse) is null
            ? null
            : Answer.Error(
                403,
                "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again."
            );
    }

    public static Answer Secondary(int status, TimeSpan? stayAway)
    {
        var answer = Answer.Error(
            status,
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        );
        if (stayAway is { } time)
        {
            answer.Headers["Retry-After"] = $"{Seconds(time)}";
        }
        return answer;
    }

    /// <summary>After the effect: what is left of the answer on the wire.</summary>
    public static GitHubReply After(Exchange exchange, Answer answer, GitHubRequest request)
    {
        var delay = exchange.Strike(GitHubFaults.Slow) is { } slow ? slow.Delay ?? TimeSpan.FromSeconds(60) : TimeSpan.Zero;
        if (answer.Status == 0 || exchange.Strike(GitHubFaults.LostAnswer) is not null)
        {
            return new GitHubReply(0) { Ending = Ending.Nothing, Delay = delay };
        }
        if (answer.Status < 300)
        {
            answer = Spoiled(exchange, answer);
        }
        var half = answer.Status < 300 && answer.Body is not null && exchange.Strike(GitHubFaults.HalfBody) is not null;
        var reply = new GitHubReply(answer.Status)
        {
            Headers = new Dictionary<string, string>(answer.Headers, StringComparer.OrdinalIgnoreCase),
            Body = answer.Bytes(),
            ContentType = answer.Raw is null ? "application/json; charset=utf-8" : "text/html",
            Delay = delay,
            Ending = half ? Ending.Half : Ending.Whole,
        };
        return request.Method is "GET" && answer.Status == 200 && !half ? Tagged(reply, request) : reply;
    }

    private static Answer Spoiled(Exchange exchange, Answer answer)
    {
        if (exchange.Strike(GitHubFaults.LateServerError) is { } late)
        {
            return Answer.Error(late.Status ?? 502, "Server Error");
        }
        if (answer.Body is null)
        {
            return answer;
        }
        if (exchange.Strike(GitHubFaults.EmptyBody) is not null)
        {
            return answer with { Body = null };
        }
        if (exchange.Strike(GitHubFaults.WrongShape) is not null)
        {
            return answer with { Body = new JsonArray("surprise", 1, new JsonObject { ["repositories"] = "none" }) };
        }
        if (exchange.Strike(GitHubFaults.TextIds) is not null)
        {
            return answer with { Body = Changed(answer.Body, (name, node) => IsId(name) ? $"{node}" : node) };
        }
        return exchange.Strike(GitHubFaults.NullMembers) is null
            ? answer
            : answer with
            {
                Body = Changed(answer.Body, (name, node) => IsId(name) ? node : null),
            };
    }

    // Every member that is a plain value, whatever its depth.
    private static JsonNode Changed(JsonNode node, Func<string, JsonNode, JsonNode?> change) =>
        node switch
        {
            JsonObject json => new JsonObject(
                json.Select(pair =>
                    KeyValuePair.Create(
                        pair.Key,
                        pair.Value switch
                        {
                            null => null,
                            JsonValue value => change(pair.Key, value.DeepClone()),
                            var inner => Changed(inner, change),
                        }
                    )
                )
            ),
            JsonArray array => new JsonArray([.. array.Select(item => item is null ? null : Changed(item, change))]),
            _ => node.DeepClone(),
        };

    private static bool IsId(string name) => name == "id" || name.EndsWith("_id", StringComparison.Ordinal);

    private static GitHubReply Tagged(GitHubReply reply, GitHubRequest request)
    {
        var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(reply.Body))}\"";
        reply.Headers["ETag"] = tag;
        reply.Headers["Cache-Control"] = "private, max-age=60, s-maxage=60";
        var known = request.Header("If-None-Match")?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        return known.Contains(tag) || known.Contains(tag[2..]) ? reply with { Status = 304, Body = [] } : reply;
    }

    private static long Seconds(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds);
}
