using Docker.DotNet;

namespace Sam.Operator.Clients.Docker;

/// <summary>One Machine's engine over the Docker Engine API. Parts: containers, networks and volumes, images, exec, files, events.</summary>
public sealed partial class DockerMachineLink : IMachineLink, IDisposable
{
    private readonly EngineSession session;
    private readonly MachineLinkOptions options;
    private readonly TimeProvider time;

    internal DockerMachineLink(MachineEndpoint endpoint, EngineSession session, MachineLinkOptions options, TimeProvider time)
    {
        Endpoint = endpoint;
        this.session = session;
        this.options = options;
        this.time = time;
    }

    /// <summary>Where this link leads.</summary>
    public MachineEndpoint Endpoint { get; }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) =>
        CallAsync(
            "ping",
            options.PingTimeout,
            async token =>
            {
                session.Gate.ThrowIfClosed();
                await session.NegotiateAsync(token);
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<EngineInfo> InfoAsync(CancellationToken cancellationToken) =>
        CallAsync(
            "info",
            async (client, token) =>
            {
                var version = await client.System.GetVersionAsync(token);
                var info = await client.System.GetSystemInfoAsync(token);
                return new EngineInfo(info.ServerVersion, version.APIVersion, (int)info.NCPU, info.MemTotal);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Gate.Shut(
            new EngineException(EngineErrorKind.Unreachable, $"the link to Machine {Endpoint.MachineId} is closed")
        );
        session.Dispose();
    }

    private Task<T> CallAsync<T>(
        string call,
        Func<DockerClient, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        EngineErrorKind conflict = EngineErrorKind.Conflict,
        TimeSpan extra = default
    ) =>
        CallAsync(
            call,
            options.CallTimeout + extra,
            async token => await work(await session.ClientAsync(token), token),
            cancellationToken,
            conflict
        );

    /// <summary>One call with its own time limit, whose faults leave typed.</summary>
    private async Task<T> CallAsync<T>(
        string call,
        TimeSpan timeout,
        Func<CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        EngineErrorKind conflict = EngineErrorKind.Conflict
    )
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await work(linked.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw await IdentityOrAsync(Typed(call, exception, conflict), cancellationToken);
        }
    }

    /// <summary>A connection that broke without a word may be a refusal of our certificate: asked once, so that the fault has its true kind.</summary>
    private async Task<EngineException> IdentityOrAsync(EngineException fault, CancellationToken cancellationToken)
    {
        if (
            fault is not { Kind: EngineErrorKind.Unreachable, InnerException: HttpRequestException or IOException }
            || !await session.IsRefusedAsync(cancellationToken)
        )
        {
            return fault;
        }

        var refused = new EngineException(
            EngineErrorKind.IdentityRefused,
            $"the engine of Machine {Endpoint.MachineId} refuses our client certificate",
            fault
        );
        session.Gate.Failed(refused);
        return refused;
    }

    private EngineException Typed(string call, Exception exception, EngineErrorKind conflict = EngineErrorKind.Conflict)
    {
        var fault = EngineFaults.From(call, exception, conflict);
        if (fault.Kind == EngineErrorKind.IdentityRefused)
        {
            // Seen by the first read and not by the connect (TLS 1.3): it must not be tried at full rate either.
            session.Gate.Failed(fault);
        }

        return fault;
    }

    private Task CallAsync(
        string call,
        Func<DockerClient, CancellationToken, Task> work,
        CancellationToken cancellationToken,
        TimeSpan extra = default
    ) =>
        CallAsync(
            call,
            async (client, token) =>
            {
                await work(client, token);
                return true;
            },
            cancellationToken,
            extra: extra
        );

    private static Dictionary<string, IDictionary<string, bool>> LabelFilter(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0
            ? []
            : new(StringComparer.Ordinal)
            {
                ["label"] = labels.ToDictionary(l => $"{l.Key}={l.Value}", _ => true, StringComparer.Ordinal),
            };

    private static bool Matches(IEnumerable<KeyValuePair<string, string>>? shown, IReadOnlyDictionary<string, string> asked)
    {
        var all = shown?.ToDictionary(StringComparer.Ordinal) ?? [];
        return asked.All(l => all.TryGetValue(l.Key, out var value) && value == l.Value);
    }
}
