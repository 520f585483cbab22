using System.CommandLine;
using System.Runtime.InteropServices;
using Sam.DevCluster;

var port = new Option<int>("--port")
{
    Description = "Port to listen on; 0 takes a free one (environment: PORT).",
    DefaultValueFactory = _ => int.TryParse(Environment.GetEnvironmentVariable("PORT"), out var given) ? given : 0,
};
var output = new Option<string?>("--kubeconfig-out")
{
    Description = "File to write the kubeconfig to once the cluster serves (environment: KUBECONFIG_OUT).",
    DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KUBECONFIG_OUT"),
};
var certificate = new Option<string?>("--tls-cert-file") { Description = "Serving certificate to use, PEM; with the next two." };
var key = new Option<string?>("--tls-private-key-file") { Description = "Its key, PEM." };
var authority = new Option<string?>("--client-ca-file") { Description = "Authority whose client certificates are taken, PEM." };
var data = new Option<string?>("--data")
{
    Description = "File to keep all state in over restarts; without it nothing is kept (environment: DATA).",
    DefaultValueFactory = _ => Environment.GetEnvironmentVariable("DATA"),
};
var command = new RootCommand("A Kubernetes API in one process. A stand-in for tests and trials, never for production.")
{
    port,
    output,
    certificate,
    key,
    authority,
    data,
};
command.SetAction(
    async (arguments, cancellationToken) =>
    {
        var ended = new TaskCompletionSource();
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ended.TrySetResult();
        }
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await using var registration = cancellationToken.Register(() => ended.TrySetResult());
        var options = new DevClusterOptions
        {
            Port = arguments.GetValue(port),
            DataFile = arguments.GetValue(data) is { Length: > 0 } file ? file : null,
            Serving = arguments.GetValue(certificate) is { } served
                ? new ServingFiles(served, arguments.GetRequiredValue(key)!, arguments.GetRequiredValue(authority)!)
                : null,
        };
        try
        {
            await using var server = await DevClusterServer.StartAsync(options, CancellationToken.None);
            if (arguments.GetValue(output) is { Length: > 0 } path)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                server.WriteKubeconfig(path);
                Console.WriteLine($"export KUBECONFIG={Path.GetFullPath(path)}");
            }
            Console.WriteLine($"ready: dev cluster at {server.BaseAddress} (a stand-in for tests, never for production)");
            await ended.Task;
            return 0;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"error: {fault.Message}");
            return 1;
        }
    }
);
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
