using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;

namespace Sam.Tests.Docker;

/// <summary>The contract against the record-only engine.</summary>
public sealed class RecordOnlyEngineContractTests : MachineLinkContract
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecordOnlyEngine engine;

    public RecordOnlyEngineContractTests()
    {
        var script = new EngineScript()
            .Image(Exits, new ImageScript { ExitsAfter = TimeSpan.FromMilliseconds(300), ExitCode = 3 })
            .Image(Speaks, new ImageScript { Logs = string.Join('\n', Enumerable.Range(0, 10).Select(n => $"line {n}")) })
            .OnExec(c => c.Command is ["cat"], c => new ExecResult(0, c.InputText, ""))
            .OnExec(c => c.Command is ["sh", "-c", "echo out; echo err >&2; exit 7"], _ => new ExecResult(7, "out\n", "err\n"));
        engine = new RecordOnlyEngine(time, script);
    }

    protected override IMachineLink Link => engine;

    public override async ValueTask InitializeAsync()
    {
        foreach (var image in (string[])[Runs, Exits, Speaks])
        {
            await engine.PullImageAsync(image, null, Cancel);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        engine.Dispose();
    }

    protected override Task PassAsync()
    {
        time.Advance(TimeSpan.FromMilliseconds(100));
        return Task.CompletedTask;
    }
}
