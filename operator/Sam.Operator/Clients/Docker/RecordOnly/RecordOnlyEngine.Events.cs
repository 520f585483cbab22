using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Sam.Runtime.Waiting;

namespace Sam.Operator.Clients.Docker.RecordOnly;

public sealed partial class RecordOnlyEngine
{
    private readonly List<Watcher> watchers = [];

    /// <summary>How many event streams are open.</summary>
    public int Streams
    {
        get
        {
            lock (gate)
            {
                return watchers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<EngineEvent> WatchEventsAsync(
        EngineEventFilter filter,
        Action opened,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var watcher = new Watcher(filter);
        await CallAsync(
            "WatchEvents",
            _ =>
            {
                watchers.Add(watcher);
                return true;
            },
            cancellationToken
        );
        try
        {
            opened();
            while (true)
            {
                // A channel would go on somewhere on the thread pool, which a simulation does not have.
                await watcher.Something.WaitAsync(cancellationToken);
                if (Next(watcher) is { } happened)
                {
                    yield return happened;
                }
            }
        }
        finally
        {
            lock (gate)
            {
                watchers.Remove(watcher);
            }
        }
    }

    private void Say(RecordedContainer container, string action, DateTimeOffset at)
    {
        var attributes = container.Request.Labels.SetItem("name", container.Name).SetItem("image", container.Request.Image);
        if (action == "die")
        {
            attributes = attributes.SetItem("exitCode", container.ExitCode.ToString());
        }

        Say(new EngineEvent("container", action, container.Id, attributes, at));
    }

    /// <summary>As Docker does: a network's events name it and the container, and carry no labels.</summary>
    private void SayOfNetwork(string network, string action, string? container, DateTimeOffset at)
    {
        var attributes = ImmutableDictionary<string, string>.Empty.SetItem("name", network);
        Say(
            new EngineEvent(
                "network",
                action,
                network,
                container is null ? attributes : attributes.SetItem("container", container),
                at
            )
        );
    }

    private void SayOfVolume(string volume, string action, DateTimeOffset at) =>
        Say(new EngineEvent("volume", action, volume, ImmutableDictionary<string, string>.Empty, at));

    private void Say(EngineEvent happened)
    {
        foreach (var watcher in watchers.Where(w => w.Wants(happened)))
        {
            watcher.Tell(happened);
        }
    }

    private void EndStreams()
    {
        foreach (var watcher in watchers)
        {
            watcher.End();
        }
    }

    /// <summary>The next event; null if there is none for the moment, and a fault once the stream ended.</summary>
    private EngineEvent? Next(Watcher watcher)
    {
        lock (gate)
        {
            return watcher.Next();
        }
    }

    /// <summary>One open stream; its owner locks.</summary>
    private sealed class Watcher(EngineEventFilter filter)
    {
        private readonly Queue<EngineEvent> told = new();
        private bool ended;

        /// <summary>Open while there is something to take.</summary>
        public Latch Something { get; private set; } = new();

        public bool Wants(EngineEvent happened) =>
            (filter.Types.Count == 0 || filter.Types.Contains(happened.Type))
            && (
                filter.Actions.Count == 0
                || filter.Actions.Any(action => happened.Action.StartsWith(action, StringComparison.Ordinal))
            )
            && filter.Labels.All(l => happened.Attributes.TryGetValue(l.Key, out var value) && value == l.Value);

        public void Tell(EngineEvent happened)
        {
            told.Enqueue(happened);
            Something.TryOpen();
        }

        public void End()
        {
            ended = true;
            Something.TryOpen();
        }

        public EngineEvent? Next()
        {
            if (told.TryDequeue(out var happened))
            {
                return happened;
            }

            if (ended)
            {
                throw new EngineException(EngineErrorKind.Unreachable, "watch events: the engine ended the stream");
            }

            Something = new Latch();
            return null;
        }
    }
}
