using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Testing.Clusters;

/// <summary>SAM's CRDs as they are in the repository. Those that a cluster has already are compared and never touched.</summary>
internal sealed class Definitions(IKubernetesTransport transport, IClusterTarget target)
{
    private readonly KubernetesResourceClient<V1CustomResourceDefinition> _client = new(transport, new AlwaysLeader(), []);
    private readonly List<V1CustomResourceDefinition> _made = [];

    /// <summary>Creates what is missing and waits until the server serves every kind.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        foreach (
            var file in Directory.GetFiles(Path.Combine(Checkout.Root, "crds/manifests"), "*.yaml").Order(StringComparer.Ordinal)
        )
        {
            var text = await File.ReadAllTextAsync(file, cancellationToken);
            await ApplyAsync(KubernetesYaml.Deserialize<V1CustomResourceDefinition>(text), cancellationToken);
        }
    }

    /// <summary>Takes away the CRDs made here that nobody else put objects into; their objects would go with them.</summary>
    public async Task RemoveOwnAsync(CancellationToken cancellationToken)
    {
        foreach (var made in _made)
        {
            using var left = await transport.SendAsync(
                new TransportRequest(HttpMethod.Get, Collection(made) + "?limit=1"),
                cancellationToken
            );
            var list = left.IsSuccess ? await JsonNode.ParseAsync(left.Body, cancellationToken: cancellationToken) : null;
            if (list?["items"] is JsonArray { Count: 0 })
                await _client.DeleteAsync("", made.Metadata.Name, made.Metadata.Uid, cancellationToken);
        }
    }

    private async Task ApplyAsync(V1CustomResourceDefinition wanted, CancellationToken cancellationToken)
    {
        var name = wanted.Metadata.Name;
        var found = await _client.GetAsync("", name, cancellationToken);
        if (found is null)
            _made.Add(await _client.CreateAsync(wanted, cancellationToken));
        else if (Difference(ToJson(wanted.Spec), ToJson(found.Spec), "spec") is { } where)
            throw new InvalidOperationException(
                $"CRD {name} of {target.Name} differs from crds/manifests at {where}; bring it up to date or use another cluster"
            );
        await Poll.UntilAsync(
            () => ServedAsync(wanted, cancellationToken),
            () => Task.FromResult($"{name} is not served by {target.Name}"),
            cancellationToken
        );
    }

    // Established comes a little before the handlers: only an answer tells that both are there.
    private async Task<bool> ServedAsync(V1CustomResourceDefinition definition, CancellationToken cancellationToken)
    {
        var seen = await _client.GetAsync("", definition.Metadata.Name, cancellationToken);
        if (seen?.Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) != true)
            return false;
        using var response = await transport.SendAsync(
            new TransportRequest(HttpMethod.Get, Collection(definition) + "?limit=1"),
            cancellationToken
        );
        return response.IsSuccess;
    }

    private static string Collection(V1CustomResourceDefinition definition)
    {
        var version = definition.Spec.Versions.Single(version => version.Storage).Name;
        return $"/apis/{definition.Spec.Group}/{version}/{definition.Spec.Names.Plural}";
    }

    /// <summary>The first place where the second lacks or alters something of the first; what a server adds is its own affair.</summary>
    private static string? Difference(JsonNode? wanted, JsonNode? found, string path)
    {
        switch (wanted, found)
        {
            case (JsonObject left, JsonObject right):
                return left.Select(member => Difference(member.Value, right[member.Key], $"{path}.{member.Key}"))
                    .FirstOrDefault(where => where is not null);
            case (JsonArray left, JsonArray right) when left.Count == right.Count:
                return left.Select((item, at) => Difference(item, right[at], $"{path}[{at}]"))
                    .FirstOrDefault(where => where is not null);
            default:
                return JsonNode.DeepEquals(wanted, found) ? null : path;
        }
    }

    private static JsonNode? ToJson(V1CustomResourceDefinitionSpec spec) =>
        JsonSerializer.SerializeToNode(JsonNode.Parse(KubernetesJson.Serialize(spec)));
}
