using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Leases;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Resources;

/// <summary>Reads and writes one kind over the transport, core kinds and custom ones alike.</summary>
/// <typeparam name="TEntity">The kind; names its place by <c>[KubernetesEntity]</c>.</typeparam>
/// <param name="transport">The way to the server.</param>
/// <param name="leadership">Asked before every write; no write waits longer than it lasts.</param>
/// <param name="observers">Told of every version that the server answers with.</param>
public sealed class KubernetesResourceClient<TEntity>(
    IKubernetesTransport transport,
    ILeadership leadership,
    IEnumerable<IWriteObserver<TEntity>> observers
) : IResourceClient<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private readonly ResourceKind _kind = ResourceKind.Of<TEntity>();
    private readonly IWriteObserver<TEntity>[] _observers = [.. observers];

    /// <inheritdoc/>
    public async Task<TEntity?> GetAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        var request = new TransportRequest(HttpMethod.Get, _kind.ObjectPath(@namespace, name));
        try
        {
            return Read(await SendAsync(request, cancellationToken));
        }
        catch (KubernetesApiException fault) when (fault.IsNotFound)
        {
            return default;
        }
    }

    /// <inheritdoc/>
    public Task<TEntity> CreateAsync(TEntity entity, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Post,
            _kind.CollectionPath(entity.Metadata.NamespaceProperty),
            Write(entity),
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<TEntity> UpdateAsync(TEntity entity, CancellationToken cancellationToken)
    {
        var path = _kind.ObjectPath(entity.Metadata.NamespaceProperty, entity.Metadata.Name);
        return WriteAsync(HttpMethod.Put, path, Write(entity), null, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TEntity> MergePatchAsync(
        string @namespace,
        string name,
        string patch,
        string? subresource,
        CancellationToken cancellationToken
    )
    {
        var path = _kind.ObjectPath(@namespace, name, subresource);
        return WriteAsync(HttpMethod.Patch, path, patch, "application/merge-patch+json", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string @namespace, string name, string? uid, CancellationToken cancellationToken)
    {
        leadership.ThrowIfNotLeader();
        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = "Background",
        };
        if (uid is not null)
            options["preconditions"] = new JsonObject { ["uid"] = uid };
        var request = new TransportRequest(HttpMethod.Delete, _kind.ObjectPath(@namespace, name))
        {
            Body = options.ToJsonString(),
            AnswerWithin = leadership.Remaining,
        };
        try
        {
            await SendAsync(request, cancellationToken);
            return true;
        }
        catch (KubernetesApiException fault) when (fault.IsNotFound || (uid is not null && fault.IsConflict))
        {
            return false; // gone, or another object has the name now: the very object meant does not exist
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TEntity>> ListAsync(
        string? @namespace,
        string? labelSelector,
        CancellationToken cancellationToken
    )
    {
        var lister = new ResourceLister<TEntity>(transport, @namespace, labelSelector, null);
        return (await lister.ListAsync(cancellationToken)).Items;
    }

    private async Task<TEntity> WriteAsync(
        HttpMethod method,
        string path,
        string body,
        string? contentType,
        CancellationToken cancellationToken
    )
    {
        leadership.ThrowIfNotLeader();
        var request = new TransportRequest(method, path)
        {
            Body = body,
            ContentType = contentType ?? "application/json",
            // A write that is stuck on the way is given up before the next leader can begin.
            AnswerWithin = leadership.Remaining,
        };
        return Read(await SendAsync(request, cancellationToken));
    }

    private async Task<string> SendAsync(TransportRequest request, CancellationToken cancellationToken)
    {
        using var response = await transport.SendAsync(request, cancellationToken);
        if (!response.IsSuccess)
            throw await KubernetesApiException.ReadAsync(request, response, cancellationToken);
        using var reader = new StreamReader(response.Body);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private TEntity Read(string json)
    {
        foreach (var observer in _observers)
            observer.Seen(Parse(json)); // a copy of its own: the caller may change the one it gets
        return Parse(json);
    }

    private TEntity Parse(string json)
    {
        var entity = ReadJson.Read<TEntity>(json);
        ResourceLister<TEntity>.Complete(entity, _kind);
        return entity;
    }

    private string Write(TEntity entity)
    {
        ResourceLister<TEntity>.Complete(entity, _kind);
        return KubernetesJson.Serialize(entity);
    }
}
