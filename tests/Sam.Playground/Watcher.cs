using System.Text.Json.Nodes;

namespace Sam.Playground;

/// <summary>Prints what changes, and waits for what should come.</summary>
internal sealed class Watcher(World world)
{
    private static readonly string[] Kinds = ["projects", "machines", "deploymentnodes", "composeapps"];
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);

    /// <summary>Prints every object whose Ready condition changed since the last call.</summary>
    public async Task ShowAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in Kinds)
        {
            var list = await world.Kube.GetAsync($"apis/sam.dev/v1alpha1/{kind}", cancellationToken);
            foreach (var item in list?["items"]?.AsArray() ?? [])
            {
                var ready = item!
                    ["status"]
                    ?["conditions"]?.AsArray()
                    .FirstOrDefault(condition => (string?)condition!["type"] == "Ready");
                var name = $"{kind}/{item["metadata"]!["name"]}";
                var text = $"{name, -34} Ready={ready?["status"] ?? "-", -8} {ready?["reason"]}: {ready?["message"]}";
                if (_shown.GetValueOrDefault(name) == text)
                    continue;
                _shown[name] = text;
                World.Say(text);
            }
        }
    }

    /// <summary>Waits until something holds, printing what changes; false after the deadline.</summary>
    public async Task<bool> UntilAsync(Func<Task<bool>> holds, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < deadline)
        {
            await ShowAsync(cancellationToken);
            if (await holds())
                return true;
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }

        return false;
    }

    /// <summary>Whether an object has a condition with this status.</summary>
    public async Task<bool> HasAsync(
        string plural,
        string name,
        string condition,
        string status,
        CancellationToken cancellationToken
    ) => (await ConditionAsync(plural, name, condition, cancellationToken)) is { } found && (string?)found["status"] == status;

    /// <summary>One condition of an object of its present generation, or null.</summary>
    public async Task<JsonNode?> ConditionAsync(string plural, string name, string condition, CancellationToken cancellationToken)
    {
        var item = await world.Kube.GetAsync(World.PathOf(plural, name), cancellationToken);
        return item
            ?["status"]?["conditions"]?.AsArray()
            .FirstOrDefault(candidate =>
                (string?)candidate!["type"] == condition
                && (long?)candidate["observedGeneration"] == (long?)item["metadata"]!["generation"]
            );
    }
}
