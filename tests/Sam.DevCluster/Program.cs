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
    Description = "File to write the kubeconfig to (environment: KUBECONFIG_OUT).",
    DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KUBECONFIG_OUT"),
};
var certificate = new Option<string?>("--tls-cert-file") { Description = "Serving certificate to use, PEM; with the next two." };
var key = new Option<string?>("--tls-private-key-file") { Description = "Its key, PEM." };
var authority = new Option<string?>("--client-ca-file") { Description = "Authority whose client certificates are taken, PEM." };
var command = new RootCommand("A Kubernetes API in one process. A stand-in for tests and trials, never for production.")
{
    port,
    output,
    certificate,
    key,
    authority,
};
command.SetAction(
    async (arguments, cancellationToken) =>
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await using var server = await DevClusterServer.StartAsync(
            new DevClusterOptions
            {
                Port = arguments.GetValue(port),
                Serving = arguments.GetValue(certificate) is { } file
                    ? new ServingFiles(file, arguments.GetRequiredValue(key)!, arguments.GetRequiredValue(authority)!)
                    : null,
            },
            ending.Token
        );
        if (arguments.GetValue(output) is { Length: > 0 } path)
        {
            server.WriteKubeconfig(path);
            Console.WriteLine($"export KUBECONFIG={Path.GetFullPath(path)}");
        }
        Console.WriteLine($"ready: dev cluster at {server.BaseAddress} (a stand-in for tests, never for production)");
        var ended = new TaskCompletionSource();
        await using var registration = ending.Token.Register(() => ended.SetResult());
        await ended.Task;
        return 0;
    }
);
return await command.Parse(args).InvokeAsync();
