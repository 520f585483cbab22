using System.Globalization;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Resources;

/// <summary>Everything there was of a kind at one version.</summary>
/// <param name="ResourceVersion">The version to watch from.</param>
/// <param name="Items">The objects.</param>
internal sealed record ResourceSnapshot<TEntity>(string ResourceVersion, IReadOnlyList<TEntity> Items);

/// <summary>Lists one kind in pages: in a namespace or in all, whole objects or their metadata.</summary>
/// <param name="transport">The way to the server.</param>
/// <param name="namespace">The namespace; null for all.</param>
/// <param name="labelSelector">Narrows the list.</param>
/// <param name="fieldSelector">Narrows the list.</param>
internal sealed class ResourceLister<TEntity>(
    IKubernetesTransport transport,
    string? @namespace,
    string? labelSelector,
    string? fieldSelector
)
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private const int PageSize = 500;
    private const string PartialList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
    private const string Partial = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly bool s_metadataOnly = ResourceKind.IsMetadataOnly<TEntity>();

    private readonly ResourceKind _kind = ResourceKind.Of<TEntity>();

    /// <summary>All pages. A continuation that expires on the way is followed by one list without pages, which cannot expire.</summary>
    public async Task<ResourceSnapshot<TEntity>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ListPagesAsync(PageSize, cancellationToken);
        }
        catch (KubernetesApiException fault) when (fault.IsExpired)
        {
            return await ListPagesAsync(null, cancellationToken);
        }
    }

    /// <summary>Opens a watch from a version; the answer's body is one event a line.</summary>
    public Task<TransportResponse> WatchAsync(string resourceVersion, TimeSpan timeout, CancellationToken cancellationToken) =>
        OpenAsync($"resourceVersion={Uri.EscapeDataString(resourceVersion)}", timeout, cancellationToken);

    /// <summary>Opens a watch that begins with every object as of now; a server may refuse that.</summary>
    public Task<TransportResponse> StreamAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        OpenAsync("sendInitialEvents=true&resourceVersionMatch=NotOlderThan", timeout, cancellationToken);

    private async Task<TransportResponse> OpenAsync(string from, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var seconds = ((int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var query = $"watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}&{from}";
        var request = new TransportRequest(HttpMethod.Get, Path(query))
        {
            IsWatch = true,
            Accept = s_metadataOnly ? Partial : "application/json",
        };
        var response = await transport.SendAsync(request, cancellationToken);
        if (response.IsSuccess)
            return response;
        using (response)
            throw await KubernetesApiException.ReadAsync(request, response, cancellationToken);
    }

    /// <summary>Fills in what the items of a typed list leave out, and drops what must not lie in a cache.</summary>
    internal static void Complete(TEntity entity, ResourceKind kind)
    {
        if (!s_metadataOnly)
        {
            entity.ApiVersion = kind.ApiVersion;
            entity.Kind = kind.Kind;
        }

        // `kubectl apply` keeps the whole object here, a Secret's data with it.
        if (s_metadataOnly)
            entity.Metadata?.Annotations?.Remove(LastApplied);
    }

    private async Task<ResourceSnapshot<TEntity>> ListPagesAsync(int? pageSize, CancellationToken cancellationToken)
    {
        var items = new List<TEntity>();
        string? next = null;
        while (true)
        {
            var page = await ReadPageAsync(pageSize, next, cancellationToken);
            foreach (var item in page.Items)
            {
                Complete(item, _kind);
                items.Add(item);
            }

            next = page.Metadata.ContinueProperty;
            if (string.IsNullOrEmpty(next))
                return new ResourceSnapshot<TEntity>(page.Metadata.ResourceVersion ?? "", items);
        }
    }

    private async Task<Page> ReadPageAsync(int? pageSize, string? next, CancellationToken cancellationToken)
    {
        var query = pageSize is null ? "" : $"limit={pageSize}";
        if (!string.IsNullOrEmpty(next))
            query += $"&continue={Uri.EscapeDataString(next)}";
        var request = new TransportRequest(HttpMethod.Get, Path(query))
        {
            Accept = s_metadataOnly ? PartialList : "application/json",
        };
        using var response = await transport.SendAsync(request, cancellationToken);
        if (!response.IsSuccess)
            throw await KubernetesApiException.ReadAsync(request, response, cancellationToken);
        return ReadJson.Read<Page>(response.Body);
    }

    private string Path(string query)
    {
        if (!string.IsNullOrEmpty(labelSelector))
            query += $"&labelSelector={Uri.EscapeDataString(labelSelector)}";
        if (!string.IsNullOrEmpty(fieldSelector))
            query += $"&fieldSelector={Uri.EscapeDataString(fieldSelector)}";
        query = query.TrimStart('&');
        return query.Length == 0 ? _kind.CollectionPath(@namespace) : $"{_kind.CollectionPath(@namespace)}?{query}";
    }

    private sealed class Page
    {
        [JsonPropertyName("metadata")]
        public V1ListMeta Metadata { get; set; } = new();

        [JsonPropertyName("items")]
        public List<TEntity> Items { get; set; } = [];
    }
}
