using k8s;
using k8s.Models;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Testing;

/// <summary>What a user with kubectl does, in one namespace: create, edit, look, delete.</summary>
public sealed class KubeObjects
{
    private readonly IKubernetesTransport _transport;

    internal KubeObjects(IKubernetesTransport transport, string home) => (_transport, Namespace) = (transport, home);

    /// <summary>The namespace.</summary>
    public string Namespace { get; }

    /// <summary>Creates an object in the namespace.</summary>
    public Task<T> CreateAsync<T>(T thing, CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        thing.Metadata.NamespaceProperty = Namespace;
        return Client<T>().CreateAsync(thing, cancellationToken);
    }

    /// <summary>Edits an object as <c>kubectl edit</c> does: again, if somebody else wrote in between.</summary>
    public async Task<T> EditAsync<T>(string name, Action<T> edit, CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(edit);
        while (true)
        {
            var thing = await GetAsync<T>(name, cancellationToken);
            edit(thing);
            try
            {
                return await Client<T>().UpdateAsync(thing, cancellationToken);
            }
            catch (KubernetesApiException fault) when (fault.IsConflict)
            {
                cancellationToken.ThrowIfCancellationRequested(); // read again, and write again
            }
        }
    }

    /// <summary>One object; null if there is none.</summary>
    public Task<T?> FindAsync<T>(string name, CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta> => Client<T>().GetAsync(Namespace, name, cancellationToken);

    /// <summary>One object that exists.</summary>
    public async Task<T> GetAsync<T>(string name, CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta> =>
        await FindAsync<T>(name, cancellationToken)
        ?? throw new InvalidOperationException($"{typeof(T).Name} {name} does not exist");

    /// <summary>All objects of a kind in the namespace.</summary>
    public Task<IReadOnlyList<T>> ListAsync<T>(CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta> => Client<T>().ListAsync(Namespace, null, cancellationToken);

    /// <summary>Asks for the deletion of an object.</summary>
    public Task DeleteAsync<T>(string name, CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta> => Client<T>().DeleteAsync(Namespace, name, null, cancellationToken);

    /// <summary>A collection of the namespace as JSON text, as the server shows it.</summary>
    public async Task<string> TextAsync<T>(CancellationToken cancellationToken)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var path = ResourceKind.Of<T>().CollectionPath(Namespace);
        using var response = await _transport.SendAsync(new TransportRequest(HttpMethod.Get, path), cancellationToken);
        using var reader = new StreamReader(response.Body);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private KubernetesResourceClient<T> Client<T>()
        where T : IKubernetesObject<V1ObjectMeta> => new(_transport, new AlwaysLeader(), []);
}
