using System.CommandLine;
using Sam.Cli;

var file = new Argument<FileInfo>("FILE") { Description = "A Compose file." };
var envFile = new Option<FileInfo[]>("--env-file")
{
    Description = "Variables for ${NAME}, instead of .env beside the file; later files win.",
    AllowMultipleArgumentsPerToken = false,
    DefaultValueFactory = _ => [],
};
var profile = new Option<string[]>("--profile")
{
    Description = "Profile whose services are shown too.",
    DefaultValueFactory = _ => [],
};
var compose = new Command(
    "compose",
    "Prints what SAM makes of a Compose file, as `docker compose config --format json` does; or everything it refuses, with paths, and exits with 1."
)
{
    file,
    envFile,
    profile,
};
compose.SetAction(parsed =>
    new ComposeCommand(Console.Out, Console.Error).Run(
        parsed.GetValue(file)!,
        parsed.GetValue(envFile)!,
        parsed.GetValue(profile)!
    )
);

return await new RootCommand("Tools for users of SAM, also as `kubectl sam`.") { compose }
    .Parse(args)
    .InvokeAsync();
