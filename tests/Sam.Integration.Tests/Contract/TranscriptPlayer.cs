using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Integration.Tests.Contract;

/// <summary>Sends the requests of one recorded case and collects where the answers differ.</summary>
internal sealed class TranscriptPlayer(HttpClient client, string bearerToken, Action compact)
{
    private readonly SeenObjects _memory = new();

    private static readonly TimeSpan PollLimit = TimeSpan.FromSeconds(3);

    // Placeholders must stay readable to be filled in.
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(12);

    public async Task<SortedDictionary<int, string>> PlayAsync(
        JsonObject transcript,
        string @namespace,
        CancellationToken cancellationToken
    )
    {
        var comparison = new TranscriptComparison(@namespace);
        var deviations = new SortedDictionary<int, string>();
        var watches = new List<(int Step, JsonObject Expected, Task<PlayedAnswer> Answer)>();
        var number = 0;
        foreach (var step in transcript["steps"]!.AsArray().OfType<JsonObject>())
        {
            number++;
            if (step["request"] is not JsonObject request)
            {
                if (step["wait"]!.GetValue<string>().Contains("compacted", StringComparison.Ordinal))
                    compact();
                continue;
            }
            var expected = step["response"]!.AsObject();
            if (IsTrue(step, "watch"))
            {
                // The recorder opened the watch before it went on.
                var opened = new TaskCompletionSource();
                var watch = SendAsync(request, comparison, IsText(expected), cancellationToken, () => opened.TrySetResult());
                watches.Add((number, expected, watch));
                await Task.WhenAny(opened.Task, watch);
                continue;
            }
            var answer = await SendAsync(request, comparison, IsText(expected), cancellationToken);
            var started = TimeProvider.System.GetTimestamp();
            while (
                IsTrue(step, "poll")
                && Compare(expected, answer, comparison.Fork(), step) is not null
                && TimeProvider.System.GetElapsedTime(started) < PollLimit
            )
            {
                await Task.Delay(50, cancellationToken);
                answer = await SendAsync(request, comparison, IsText(expected), cancellationToken);
            }
            if (Compare(expected, answer, comparison, step) is { } difference)
                deviations[number] =
                    $"{request["method"]} {request["path"]} {request["query"]?.ToJsonString(Relaxed)}: {difference}";
        }
        foreach (var (at, expected, task) in watches)
        {
            if (CompareEvents(expected, await task, comparison) is { } difference)
                deviations[at] = $"watch: {difference}";
        }
        return deviations;
    }

    private static string? Compare(JsonObject expected, PlayedAnswer answer, TranscriptComparison comparison, JsonObject step)
    {
        var status = expected["status"]!.GetValue<int>();
        if (status != answer.Status)
            return $"status {status} expected, {answer.Status} found: {answer.Body?.ToJsonString()}";
        if (IsTrue(step, "setup"))
            return null;
        var headers = comparison.Differences(expected["headers"], answer.Headers, isTrimmed: true, "header ");
        if (!expected.ContainsKey("body"))
            return Joined(headers);
        var body = ReshapedDocument.Of(expected["body"], answer.Body);
        return Joined(headers.Concat(comparison.Differences(expected["body"], body, IsTrue(expected, "trimmed"))));
    }

    private static string? CompareEvents(JsonObject expected, PlayedAnswer answer, TranscriptComparison comparison)
    {
        if (expected["status"]!.GetValue<int>() != answer.Status)
            return $"status {expected["status"]} expected, {answer.Status} found: {answer.Body?.ToJsonString()}";
        if (Joined(comparison.Differences(expected["headers"], answer.Headers, isTrimmed: true, "header ")) is { } headers)
            return headers;
        if (expected["events"] is not JsonArray events)
            // Of a refusal in YAML nothing was kept.
            return expected["body"] is null
                ? null
                : Joined(comparison.Differences(expected["body"], answer.Body, isTrimmed: false));
        var lines =
            answer.Body is JsonValue text && text.TryGetValue<string>(out var raw) ? raw : answer.Body?.ToJsonString() ?? "";
        var found = new JsonArray([
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)),
        ]);
        return Joined(comparison.Differences(events, found, isTrimmed: false));
    }

    private async Task<PlayedAnswer> SendAsync(
        JsonObject recorded,
        TranscriptComparison comparison,
        bool isText,
        CancellationToken cancellationToken,
        Action? opened = null
    )
    {
        var path = comparison.Fill(recorded["path"]!.GetValue<string>());
        if (recorded["query"] is JsonObject query && query.Count > 0)
            path +=
                "?"
                + string.Join(
                    '&',
                    query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(comparison.Fill(pair.Value!.ToString()))}")
                );
        else if (recorded["query"] is JsonValue text)
            path += "?" + comparison.Fill(text.GetValue<string>());
        using var request = new HttpRequestMessage(new HttpMethod(recorded["method"]!.GetValue<string>()), path);
        request.Headers.TryAddWithoutValidation("User-Agent", "recorder/1.0");
        if (!recorded.ContainsKey("client"))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearerToken);
        _memory.Resolve(recorded["body"], comparison);
        if (recorded["bodyBase64"] is { } encoded)
            request.Content = new ByteArrayContent(Convert.FromBase64String(encoded.GetValue<string>()));
        else if (recorded["body"] is { } body)
            request.Content = new ByteArrayContent(
                Encoding.UTF8.GetBytes(
                    comparison.FillBody(
                        body is JsonValue plain && plain.GetValueKind() == JsonValueKind.String
                            ? DescribedBody.Expand(plain.GetValue<string>(), path)
                            : body.ToJsonString(Relaxed)
                    )
                )
            );
        foreach (var (name, value) in recorded["headers"] as JsonObject ?? [])
        {
            if (name == "Content-Type")
                request.Content?.Headers.TryAddWithoutValidation(name, value!.GetValue<string>());
            else if (name is not "User-Agent")
                request.Headers.TryAddWithoutValidation(name, comparison.Fill(value!.ToString()));
        }
        using var limit = new CancellationTokenSource(AnswerLimit, TimeProvider.System);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending.Token);
            opened?.Invoke();
            var headers = PlayedAnswer.HeadersOf(response);
            if (response.Content.Headers.ContentEncoding.Contains("gzip"))
                return new PlayedAnswer((int)response.StatusCode, JsonValue.Create("<compressed>"), headers);
            var answer = Parse(await response.Content.ReadAsStringAsync(ending.Token), recorded, isText);
            _memory.Learn(answer);
            return new PlayedAnswer((int)response.StatusCode, answer, headers);
        }
        catch (Exception fault) when (fault is HttpRequestException || limit.IsCancellationRequested)
        {
            return new PlayedAnswer(0, JsonValue.Create($"no complete answer: {fault.Message}"), []); // a deviation like any other
        }
    }

    private static string? Joined(IEnumerable<string> differences) =>
        string.Join("\n    ", differences) is { Length: > 0 } text ? text : null;

    private static JsonNode? Parse(string content, JsonObject recorded, bool isText)
    {
        // What is recorded as text is compared as text, to the last blank.
        if (isText || recorded["headers"]?["Accept"]?.GetValue<string>() is "application/yaml")
            return JsonValue.Create(content);
        try
        {
            return content.Length == 0 ? JsonValue.Create("") : JsonNode.Parse(content);
        }
        catch (JsonException)
        {
            return JsonValue.Create(content); // plain text and streams of several documents
        }
    }

    private static bool IsText(JsonObject expected) =>
        expected["body"] is JsonValue body && body.TryGetValue<string>(out var text) && text.StartsWith('{');

    private static bool IsTrue(JsonObject node, string name) =>
        node[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
