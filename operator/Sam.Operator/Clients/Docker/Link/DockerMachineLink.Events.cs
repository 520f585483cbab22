using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sam.Operator.Clients.Docker;

public sealed partial class DockerMachineLink
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<EngineEvent> WatchEventsAsync(
        EngineEventFilter filter,
        Action opened,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var response = await CallAsync(
            "watch events",
            options.CallTimeout,
            token => OpenEventsAsync(filter, token),
            cancellationToken
        );
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream);
        opened();
        while (true)
        {
            string? line;
            try
            {
                line = await reader.ReadLineAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException or ObjectDisposedException)
            {
                throw EngineFaults.From("watch events", exception);
            }

            if (line is null)
            {
                throw new EngineException(EngineErrorKind.Unreachable, "watch events: the engine ended the stream");
            }

            if (line.Length > 0)
            {
                yield return Parse(line);
            }
        }
    }

    private async Task<HttpResponseMessage> OpenEventsAsync(EngineEventFilter filter, CancellationToken token)
    {
        var filters = new Dictionary<string, string[]>(StringComparer.Ordinal);
        void Narrow(string name, IEnumerable<string> values)
        {
            if (values.ToArray() is { Length: > 0 } given)
            {
                filters[name] = given;
            }
        }

        Narrow("type", filter.Types);
        Narrow("event", filter.Actions);
        Narrow("label", filter.Labels.Select(l => $"{l.Key}={l.Value}"));
        var query = Uri.EscapeDataString(JsonSerializer.Serialize(filters));
        using var request = new HttpRequestMessage(HttpMethod.Get, await session.AddressAsync($"events?filters={query}", token));
        var response = await session.Raw.SendAsync(request, token);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            var text = EngineFaults.Text(await response.Content.ReadAsStringAsync(token), response.StatusCode);
            throw new EngineException(EngineFaults.KindOf(response.StatusCode), $"watch events: {text}");
        }
    }

    private static EngineEvent Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var actor = root.GetProperty("Actor");
        var attributes = actor
            .GetProperty("Attributes")
            .EnumerateObject()
            .ToImmutableDictionary(a => a.Name, a => a.Value.GetString() ?? "", StringComparer.Ordinal);
        var nanoseconds = root.GetProperty("timeNano").GetInt64();
        return new EngineEvent(
            root.GetProperty("Type").GetString() ?? "",
            root.GetProperty("Action").GetString() ?? "",
            actor.GetProperty("ID").GetString() ?? "",
            attributes,
            DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100)
        );
    }
}
