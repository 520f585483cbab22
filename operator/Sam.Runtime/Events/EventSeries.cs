using k8s;
using k8s.Models;

namespace Sam.Runtime.Events;

/// <summary>What is recorded again and again is one event: same object, same reason, same note.</summary>
internal sealed record EventKey(
    string Uid,
    string Namespace,
    string Name,
    string Kind,
    string Reason,
    string Note,
    bool IsWarning
)
{
    /// <summary>The key of all wordings.</summary>
    public EventKey Common => this with { Note = "" };

    public static EventKey Of(IKubernetesObject<V1ObjectMeta> regarding, string reason, string note, bool isWarning) =>
        new(
            regarding.Metadata.Uid ?? "",
            regarding.Metadata.NamespaceProperty ?? "",
            regarding.Metadata.Name,
            regarding.Kind,
            reason,
            note,
            isWarning
        );
}

/// <summary>An event as the server has it, and how often it came since.</summary>
internal sealed class EventSeries(Eventsv1Event written, DateTimeOffset at)
{
    /// <summary>The event at the server.</summary>
    public Eventsv1Event Event { get; } = written;

    /// <summary>How often it was recorded.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>When it was recorded last.</summary>
    public DateTimeOffset LastAt { get; private set; } = at;

    /// <summary>When the server was told last.</summary>
    public DateTimeOffset WrittenAt { get; private set; } = at;

    /// <summary>Whether the server does not know of all repeats.</summary>
    public bool HasNews { get; private set; }

    public void Repeat(DateTimeOffset now)
    {
        Count++;
        HasNews = true;
        LastAt = now;
    }

    public void Told(DateTimeOffset now)
    {
        WrittenAt = now;
        HasNews = false;
    }
}
