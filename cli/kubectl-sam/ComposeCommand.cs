using System.Collections;
using Sam.Compose.Interpolation;
using Sam.Compose.Model;
using Sam.Compose.Parsing;
using Sam.Compose.Rendering;

namespace Sam.Cli;

/// <summary>`kubectl sam compose FILE`: what a user runs before moving an app to SAM.</summary>
internal sealed class ComposeCommand(TextWriter output, TextWriter errors)
{
    private const int Refused = 1;

    /// <summary>0: the project is printed; 1: everything that is refused is.</summary>
    public int Run(FileInfo file, IReadOnlyList<FileInfo> envFiles, IReadOnlyList<string> profiles)
    {
        if (!file.Exists)
            return Fail($"{file.FullName}: there is no such file");
        var directory = file.Directory!.FullName;
        string text;
        Dictionary<string, string> variables;
        try
        {
            text = File.ReadAllText(file.FullName);
            variables = Variables(directory, envFiles);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message);
        }

        var inputs = new ComposeInputs
        {
            Variables = variables,
            File = path => Read(directory, path),
            Profiles =
            [
                .. profiles,
                .. (variables.GetValueOrDefault("COMPOSE_PROFILES") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries),
            ],
        };
        var result = ComposeParser.Parse(text, inputs);
        foreach (var warning in result.Warnings)
            errors.WriteLine($"warning: {warning}");
        if (result.Model is not { } model)
            return Refuse(result.Errors);
        output.WriteLine(new ConfigJson(ProjectName.Of(variables, directory), directory).Render(model));
        return 0;
    }

    private int Refuse(IEnumerable<ComposeProblem> problems)
    {
        foreach (var problem in problems)
            errors.WriteLine($"{problem.Path}: {problem.Code}: {problem.Message}");
        return Refused;
    }

    private int Fail(string message)
    {
        errors.WriteLine(message);
        return Refused;
    }

    /// <summary>The environment, over the files that are named, or over .env beside the Compose file.</summary>
    /// <exception cref="FormatException">A file is no list of variables.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    private static Dictionary<string, string> Variables(string directory, IReadOnlyList<FileInfo> envFiles)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string)variable.Value!;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var beside = new FileInfo(Path.Join(directory, ".env"));
        foreach (
            var file in envFiles.Count > 0 ? envFiles
            : beside.Exists ? [beside]
            : []
        )
        {
            try
            {
                foreach (var (name, value) in DotEnv.Read(File.ReadAllText(file.FullName), environment))
                    variables[name] = value;
            }
            catch (FormatException e)
            {
                throw new FormatException($"{file.FullName}: {e.Message}", e);
            }
        }

        foreach (var (name, value) in environment)
            variables[name] = value;
        return variables;
    }

    private static string? Read(string directory, string path)
    {
        var full = Path.GetFullPath(path, directory);
        return File.Exists(full) ? File.ReadAllText(full) : null;
    }
}
