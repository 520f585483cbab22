using System.Text.Json;
using Sam.Bench.Subjects;
using Sam.Bench.Targets;

namespace Sam.Bench.Runs;

/// <summary>The bench's end of a subject's process.</summary>
internal sealed class SubjectProcess : IAsyncDisposable
{
    private readonly Child _child;

    private SubjectProcess(Child child) => _child = child;

    /// <summary>Starts a subject and returns as it begins to connect.</summary>
    public static async Task<SubjectProcess> StartAsync(
        string subject,
        BenchTarget target,
        string home,
        CancellationToken cancellationToken
    )
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "Sam.Bench.dll");
        var process = new SubjectProcess(
            Child.Start(assembly, "subject", subject, "--kubeconfig", target.KubeconfigFile, "--namespace", home)
        );
        await process.HearAsync("begin", cancellationToken);
        return process;
    }

    /// <summary>Asks for something and waits for the answer.</summary>
    public async Task<SubjectReport> AskAsync(string line, string answer, CancellationToken cancellationToken)
    {
        await _child.WriteAsync(line);
        return await HearAsync(answer, cancellationToken);
    }

    /// <summary>Waits for a line about this.</summary>
    public async Task<SubjectReport> HearAsync(string what, CancellationToken cancellationToken)
    {
        while (await _child.ReadAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith('{') && JsonSerializer.Deserialize<SubjectReport>(line) is { } report && report.Event == what)
                return report;
        }

        throw new InvalidOperationException($"the subject ended before it told of {what}");
    }

    public Task<int> FinishAsync(CancellationToken cancellationToken) => _child.FinishAsync(cancellationToken);

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
