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
    // An id is used again only by a Machine that was deleted and made again; a thousand are more than any run still holds on to.
    private const int RememberedGone = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, DockerMachineLink> links = new(StringComparer.Ordinal);
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly Queue<string> goneInOrder = new();
    private readonly Lock certificateGate = new();
    private (OperatorIdentity Of, SslStreamCertificateContext Context)? certificate;

    /// <summary>Links that are open.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return links.Count;
            }
        }
    }

    /// <inheritdoc/>
    public IMachineLink For(MachineEndpoint endpoint)
    {
        lock (gate)
        {
            // A run that began before the Machine went must not open what nobody would close again.
            if (gone.Contains(endpoint.MachineId))
            {
                return Closed(endpoint);
            }

            if (links.TryGetValue(endpoint.MachineId, out var link))
            {
                if (link.Endpoint == endpoint)
                {
                    return link;
                }

                // A Machine that was rebuilt has another address: the old connections lead nowhere.
                link.Dispose();
            }

            return links[endpoint.MachineId] = Open(endpoint);
        }
    }

    /// <inheritdoc/>
    public void Forget(string machineId)
    {
        lock (gate)
        {
            if (links.Remove(machineId, out var link))
            {
                link.Dispose();
            }

            if (gone.Add(machineId))
            {
                goneInOrder.Enqueue(machineId);
            }

            if (goneInOrder.Count > RememberedGone)
            {
                gone.Remove(goneInOrder.Dequeue());
            }
        }
    }

    /// <inheritdoc/>
    public void Expect(string machineId)
    {
        lock (gate)
        {
            gone.Remove(machineId);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var link in links.Values)
            {
                link.Dispose();
            }

            links.Clear();
        }
    }

    private DockerMachineLink Closed(MachineEndpoint endpoint)
    {
        var link = Open(endpoint);
        link.Dispose();
        return link;
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
