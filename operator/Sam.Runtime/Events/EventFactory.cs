using k8s;
using k8s.Models;
using Sam.Runtime.Resources;

namespace Sam.Runtime.Events;

/// <summary>Makes events as <c>events.k8s.io/v1</c> wants them.</summary>
/// <param name="reporter">The name of the component that reports.</param>
/// <param name="instance">The process that reports.</param>
/// <param name="random">The source of names.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class EventFactory(string reporter, string instance, Random random, TimeProvider timeProvider)
{
    private const int NameLimit = 220; // leaves room for what makes it unique
    private const int InstanceLimit = 128;

    public Eventsv1Event Make(EventKey key, IKubernetesObject<V1ObjectMeta> regarding)
    {
        var now = timeProvider.GetUtcNow();
        // An event lives where its object lives. Events about objects outside namespaces live in "default": the server refuses any other.
        var @namespace = key.Namespace.Length == 0 ? "default" : key.Namespace;
        int salt;
        lock (random)
            salt = random.Next();
        return new Eventsv1Event
        {
            Metadata = new V1ObjectMeta { Name = $"{Shorten(key.Name)}.{now.Ticks:x}{salt:x8}", NamespaceProperty = @namespace },
            EventTime = MicroTime.Of(now),
            Type = key.IsWarning ? "Warning" : "Normal",
            Reason = key.Reason,
            Note = key.Note,
            Action = "Reconcile",
            ReportingController = reporter,
            ReportingInstance = EventText.Cut(instance, InstanceLimit),
            Regarding = new V1ObjectReference
            {
                ApiVersion = regarding.ApiVersion,
                Kind = key.Kind,
                Name = key.Name,
                NamespaceProperty = key.Namespace.Length == 0 ? null : key.Namespace,
                Uid = key.Uid,
                ResourceVersion = regarding.Metadata.ResourceVersion,
            },
        };
    }

    private static string Shorten(string name) => name.Length <= NameLimit ? name : name[..NameLimit];
}
