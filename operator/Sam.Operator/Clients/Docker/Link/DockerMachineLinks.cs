using System.Collections.Concurrent;
using System.Net.Security;

namespace Sam.Operator.Clients.Docker;

/// <summary>Links over the Docker Engine API with mutual TLS; one pool of connections per Machine.</summary>
/// <param name="engines">Derives the key each Machine must show.</param>
/// <param name="identity">Our client certificate now; asked for each connect, so that a rotation needs no restart.</param>
/// <param name="options">Time limits.</param>
/// <param name="time">Clock.</param>
public sealed class DockerMachineLinks(
    EngineIdentity engines,
    Func<OperatorIdentity> identity,
    MachineLinkOptions options,
    TimeProvider time
) : IMachineLinks, IDisposable
{
    private readonly ConcurrentDictionary<string, DockerMachineLink> links = new();
    private readonly Lock certificateGate = new();
    private (OperatorIdentity Of, SslStreamCertificateContext Context)? certificate;

    /// <inheritdoc/>
    public IMachineLink For(MachineEndpoint endpoint)
    {
        while (true)
        {
            var link = links.GetOrAdd(endpoint.MachineId, _ => Open(endpoint));
            if (link.Endpoint == endpoint)
            {
                return link;
            }

            // A Machine that was rebuilt has another address: the old connections lead nowhere.
            if (links.TryRemove(KeyValuePair.Create(endpoint.MachineId, link)))
            {
                link.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Forget(string machineId)
    {
        if (links.TryRemove(machineId, out var link))
        {
            link.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var machineId in links.Keys)
        {
            Forget(machineId);
        }
    }

    private DockerMachineLink Open(MachineEndpoint endpoint)
    {
        var connector = new EngineConnector(endpoint, engines.PublicKeyOf(endpoint.MachineId), ClientCertificate, options, time);
        return new DockerMachineLink(endpoint, new EngineSession(connector), options, time);
    }

    private SslStreamCertificateContext ClientCertificate()
    {
        var current = identity();
        lock (certificateGate)
        {
            if (certificate is not { } kept || !ReferenceEquals(kept.Of, current))
            {
                certificate = kept = (
                    current,
                    SslStreamCertificateContext.Create(current.ClientCertificate, null, offline: true)
                );
            }

            return kept.Context;
        }
    }
}
