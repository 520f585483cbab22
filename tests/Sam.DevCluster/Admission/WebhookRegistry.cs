using System.Runtime.CompilerServices;
using Sam.DevCluster.Json;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Admission;

/// <summary>The webhooks that are configured now, in the order of their configurations' names.</summary>
internal sealed class WebhookRegistry(ObjectStore store)
{
    private const string Mutating = "mutatingwebhookconfigurations.admissionregistration.k8s.io";

    private const string Validating = "validatingwebhookconfigurations.admissionregistration.k8s.io";

    private readonly ConditionalWeakTable<StoredObject, IReadOnlyList<Webhook>> _read = [];

    public bool IsEmpty => store.List(Mutating).Objects.Count == 0 && store.List(Validating).Objects.Count == 0;

    public IEnumerable<Webhook> All(bool isMutating) =>
        store
            .List(isMutating ? Mutating : Validating)
            .Objects.OrderBy(stored => stored.Name, StringComparer.Ordinal)
            .SelectMany(stored => _read.GetValue(stored, configuration => Read(configuration, isMutating)));

    private static IReadOnlyList<Webhook> Read(StoredObject configuration, bool isMutating) =>
        [
            .. (configuration.Read().Array("webhooks") ?? [])
                .OfType<System.Text.Json.Nodes.JsonObject>()
                .Select(webhook => new Webhook(webhook, isMutating)),
        ];
}
