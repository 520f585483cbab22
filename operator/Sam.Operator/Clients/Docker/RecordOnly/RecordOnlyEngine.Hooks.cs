namespace Sam.Operator.Clients.Docker.RecordOnly;

public sealed partial class RecordOnlyEngine
{
    private readonly Dictionary<string, RecordedExec> execs = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<string> CreateExecAsync(string containerId, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        CallAsync(
            "CreateExec",
            _ =>
            {
                if (Get(containerId) is not { State: ContainerState.Running } container)
                {
                    throw new EngineException(EngineErrorKind.Conflict, $"Container {containerId} is not running");
                }

                var id = $"exec-{++nextId:x16}";
                execs[id] = new RecordedExec(container, container.Epoch, [.. command]);
                return id;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task<ExecResult> StartExecAsync(string execId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var takes = await CallAsync("StartExec", now => Begin(execId, now), cancellationToken);
        if (takes > timeout)
        {
            await Task.Delay(timeout, time, cancellationToken);
            throw new EngineException(EngineErrorKind.Unreachable, $"exec {execId}: no answer in time");
        }

        if (takes > TimeSpan.Zero)
        {
            await Task.Delay(takes, time, cancellationToken);
        }

        return await CallAsync("EndExec", now => Ended(execId, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ExecState?> InspectExecAsync(string execId, CancellationToken cancellationToken) =>
        CallAsync(
            "InspectExec",
            now => Known(execId) is { } exec ? new ExecState(exec.Container.Id, exec.IsRunning(now), exec.CodeAt(now)) : null,
            cancellationToken
        );

    private TimeSpan Begin(string execId, DateTimeOffset now)
    {
        var exec = Known(execId) ?? throw new EngineException(EngineErrorKind.NotFound, $"No such exec: {execId}");
        if (exec.EndsAt is not null)
        {
            throw new EngineException(EngineErrorKind.Conflict, $"exec {execId} was started before");
        }

        if (exec.IsCut)
        {
            throw new EngineException(EngineErrorKind.Conflict, $"Container {exec.Container.Id} is not running");
        }

        var call = new ExecCall(exec.Container.Show(), exec.Command, ReadOnlyMemory<byte>.Empty);
        exec.Result = Script.Run(call);
        var takes = Script.ExecTakes(call);
        exec.EndsAt = now + takes;
        return takes;
    }

    private ExecResult Ended(string execId, DateTimeOffset now) =>
        Known(execId) switch
        {
            { } exec when exec.CodeAt(now) is { } code => exec.Result! with { ExitCode = code },
            _ => throw new EngineException(EngineErrorKind.Unreachable, $"exec {execId}: the connection broke"),
        };

    // An engine forgets a command with its container.
    private RecordedExec? Known(string execId) =>
        execs.GetValueOrDefault(execId) is { } exec && containers.ContainsKey(exec.Container.Id) ? exec : null;

    /// <summary>The engine starts anew and has forgotten every command (no live-restore of them); containers run on.</summary>
    public void ForgetExecs()
    {
        lock (gate)
        {
            execs.Clear();
        }
    }

    /// <summary>A prepared command; it ends with the run of its container that it was prepared in.</summary>
    private sealed class RecordedExec(RecordedContainer container, int epoch, string[] command)
    {
        private const int Killed = 137;

        public RecordedContainer Container { get; } = container;

        public string[] Command { get; } = command;

        public DateTimeOffset? EndsAt { get; set; }

        public ExecResult? Result { get; set; }

        public bool IsCut => Container.Epoch != epoch;

        public bool IsRunning(DateTimeOffset now) => EndsAt > now && !IsCut;

        public int? CodeAt(DateTimeOffset now) =>
            EndsAt is not { } ends ? null
            : ends <= now && !WasCutBefore(ends) ? Result!.ExitCode
            : IsCut ? Killed
            : null;

        private bool WasCutBefore(DateTimeOffset ends) => IsCut && Container.FinishedAt < ends;
    }
}
