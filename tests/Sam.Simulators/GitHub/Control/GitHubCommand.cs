using System.CommandLine;

namespace Sam.Simulators.GitHub.Control;

/// <summary>`github`: the simulator as a process of its own.</summary>
internal static class GitHubCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Loopback port; 0 takes a free one." };
        var limit = new Option<int>("--rate-limit") { Description = "Requests per hour.", DefaultValueFactory = _ => 5000 };
        var repositories = new Option<string[]>("--repository")
        {
            Description = "OWNER/NAME, as often as needed: a bare repository the App is installed for.",
        };
        var key = new Option<FileInfo?>("--key-file")
        {
            Description = "The App's private key: read if the file exists, else written there.",
        };
        var hook = new Option<Uri?>("--webhook-url") { Description = "Where events go." };
        var secret = new Option<FileInfo?>("--webhook-secret-file") { Description = "What events are signed with." };
        var folder = new Option<DirectoryInfo?>("--git-folder")
        {
            Description = "Where bare repositories are made; without it a temporary folder that ends with the process.",
        };
        var command = new Command("github", "Simulates GitHub on loopback: its API, Git over HTTP, and webhooks.")
        {
            port,
            limit,
            repositories,
            key,
            hook,
            secret,
            folder,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var options = new GitHubSimulatorOptions
                {
                    Port = parsed.GetValue(port),
                    RateLimit = parsed.GetValue(limit),
                    GitFolder = parsed.GetValue(folder)?.FullName,
                };
                await using var simulator = await GitHubSimulator.StartAsync(options, cancellationToken);
                var asked = new SimulatedAppOptions { WebhookUrl = parsed.GetValue(hook) };
                var app = await RegisterAsync(simulator, asked, parsed.GetValue(key), parsed.GetValue(secret), cancellationToken);
                await Console.Out.WriteLineAsync($"github simulator listens on {simulator.Endpoint}, App {app.Id}");
                foreach (var installation in Install(simulator, app, parsed.GetValue(repositories) ?? []))
                {
                    await Console.Out.WriteLineAsync($"installation {installation.Id} on {installation.Account}");
                }
                await simulator.WaitForShutdownAsync(cancellationToken);
                return 0;
            }
        );
        return command;
    }

    private static async Task<SimulatedApp> RegisterAsync(
        GitHubSimulator simulator,
        SimulatedAppOptions asked,
        FileInfo? key,
        FileInfo? secret,
        CancellationToken cancellationToken
    )
    {
        if (key is { Exists: true })
        {
            asked = asked with { PrivateKeyPem = await File.ReadAllTextAsync(key.FullName, cancellationToken) };
        }
        if (secret is not null)
        {
            asked = asked with { WebhookSecret = (await File.ReadAllTextAsync(secret.FullName, cancellationToken)).TrimEnd() };
        }
        var app = simulator.Apps.Add("sam", asked);
        if (key is { Exists: false })
        {
            await WriteKeyAsync(key, app.PrivateKeyPem, cancellationToken);
        }
        return app;
    }

    private static List<SimulatedInstallation> Install(GitHubSimulator simulator, SimulatedApp app, string[] names) =>
        [
            .. names
                .Select(name =>
                    name.Split('/') is [var owner, var repository]
                        ? simulator.Repositories.Add(owner, repository, new SimulatedRepositoryOptions { Git = true })
                        : throw new ArgumentException($"'{name}' is not OWNER/NAME.", nameof(names))
                )
                .GroupBy(repository => repository.Owner)
                .Select(group => simulator.Install(app, [.. group])),
        ];

    private static async Task WriteKeyAsync(FileInfo file, string pem, CancellationToken cancellationToken)
    {
        var mode = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var writer = new StreamWriter(file.FullName, mode);
        await writer.WriteAsync(pem.AsMemory(), cancellationToken);
    }
}
