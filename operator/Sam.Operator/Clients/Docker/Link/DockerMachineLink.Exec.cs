using System.Net;
using System.Text;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Sam.Operator.Clients.Docker;

public sealed partial class DockerMachineLink
{
    private static readonly TimeSpan firstExecPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan lastExecPoll = TimeSpan.FromSeconds(1);

    // A command that runs for an hour: the end of its output is told at once all the same.
    private static readonly TimeSpan longestExecPoll = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public Task<ExecResult> ExecAsync(
        string containerId,
        IReadOnlyList<string> command,
        ReadOnlyMemory<byte> standardInput,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            $"exec in {containerId}",
            options.ExecTimeout,
            token => RunAsync(containerId, command, standardInput, token),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<string> CreateExecAsync(string containerId, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        CallAsync(
            $"exec in {containerId}",
            options.CallTimeout,
            token => PrepareAsync(containerId, command, hasInput: false, token),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<ExecResult> StartExecAsync(string execId, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(
            $"exec {execId}",
            timeout,
            async token =>
            {
                await RefuseSecondStartAsync(execId, token);
                using var output = new ExecOutput(lastErrors: true);
                return await FollowAsync(execId, output, ReadOnlyMemory<byte>.Empty, longestExecPoll, token);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<ExecState?> InspectExecAsync(string execId, CancellationToken cancellationToken) =>
        CallAsync(
            $"exec {execId}",
            async (client, token) =>
            {
                try
                {
                    var shown = await client.Exec.InspectContainerExecAsync(execId, token);
                    return new ExecState(shown.ContainerID, shown.Running, shown.Running ? null : (int?)shown.ExitCode);
                }
                catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            cancellationToken
        );

    // The engine refuses a second start too, but answers an attached one with 200 and the refusal as the command's output.
    private async Task RefuseSecondStartAsync(string execId, CancellationToken cancellationToken)
    {
        if (await InspectExecAsync(execId, cancellationToken) is { } state && (state.Running || state.ExitCode is not null))
            throw new EngineException(EngineErrorKind.Conflict, $"exec {execId} was started before");
    }

    private async Task<ExecResult> RunAsync(
        string containerId,
        IReadOnlyList<string> command,
        ReadOnlyMemory<byte> standardInput,
        CancellationToken token
    )
    {
        var execId = await PrepareAsync(containerId, command, !standardInput.IsEmpty, token);
        using var output = new ExecOutput();
        return await FollowAsync(execId, output, standardInput, lastExecPoll, token);
    }

    private async Task<string> PrepareAsync(
        string containerId,
        IReadOnlyList<string> command,
        bool hasInput,
        CancellationToken token
    )
    {
        var client = await session.ClientAsync(token);
        var created = await client.Exec.CreateContainerExecAsync(
            containerId,
            new ContainerExecCreateParameters
            {
                Cmd = [.. command],
                AttachStdin = hasInput,
                AttachStdout = true,
                AttachStderr = true,
            },
            token
        );
        return created.ID;
    }

    private async Task<ExecResult> FollowAsync(
        string execId,
        ExecOutput output,
        ReadOnlyMemory<byte> standardInput,
        TimeSpan longestPause,
        CancellationToken token
    )
    {
        using var connection = session.Dedicated();
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(token);
        var stream = await BeginExecAsync(connection.Http, execId, token);
        var writing = WriteAsync(stream, connection, standardInput, stopReading.Token);
        var reading = output.ReadAsync(stream, stopReading.Token);
        var exitCode = await ExitCodeAsync(execId, reading, longestPause, token);

        // The engine's word that the command ended comes first; its output may lag, and has been seen not to end at all.
        var drained = await Task.WhenAny(reading, Task.Delay(options.ExecDrain, time, token)) == reading;
        await stopReading.CancelAsync();
        await IgnoreCutAsync(writing);
        await IgnoreCutAsync(reading);
        return output.ToResult(exitCode, drained);
    }

    private async Task<Stream> BeginExecAsync(HttpMessageInvoker http, string execId, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, await session.AddressAsync($"exec/{execId}/start", token))
        {
            Version = HttpVersion.Version11,
            Content = new StringContent("""{"Detach":false,"Tty":false}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("tcp");
        var response = await http.SendAsync(request, token);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            var text = EngineFaults.Text(await response.Content.ReadAsStringAsync(token), response.StatusCode);
            throw new EngineException(EngineFaults.KindOf(response.StatusCode), $"exec start: {text}");
        }

        return await response.Content.ReadAsStreamAsync(token);
    }

    private static async Task WriteAsync(
        Stream stream,
        EngineSession.DedicatedConnection connection,
        ReadOnlyMemory<byte> standardInput,
        CancellationToken token
    )
    {
        if (standardInput.IsEmpty)
        {
            return;
        }

        await stream.WriteAsync(standardInput, token);
        await stream.FlushAsync(token);
        await connection.CloseWriteAsync();
    }

    /// <summary>Waits until the engine says that the command ended. The end of its output is the hint to ask at once.</summary>
    private async Task<int> ExitCodeAsync(string execId, Task reading, TimeSpan longestPause, CancellationToken token)
    {
        var pause = firstExecPoll;
        while (true)
        {
            await Task.WhenAny(reading, Task.Delay(pause, time, token));
            var client = await session.ClientAsync(token);
            var shown = await client.Exec.InspectContainerExecAsync(execId, token);
            if (!shown.Running && shown.ExitCode is { } code)
            {
                return (int)code;
            }

            if (reading.IsCompleted)
            {
                await Task.Delay(firstExecPoll, time, token);
            }

            pause = pause * 2 < longestPause ? pause * 2 : longestPause;
        }
    }

    /// <summary>A command may end without reading its input, and a stream that is given up ends in an exception: the exit code decides.</summary>
    private static async Task IgnoreCutAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or ObjectDisposedException or JsonException)
        {
            return;
        }
    }
}
