using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Unit.Tests.DevCluster;

/// <summary>The evaluator against one that others wrote: node with the npm package <c>@marcbachmann/cel-js</c>.</summary>
public sealed class CelEngineTests
{
    private const string Package = "@marcbachmann/cel-js@8.0.0";

    // Whole numbers are CEL's int, which JavaScript knows as BigInt only.
    private const string Script = """
        import { readFileSync } from 'node:fs';
        import { evaluate } from '@marcbachmann/cel-js';
        const typed = v => typeof v === 'number' ? (Number.isInteger(v) ? BigInt(v) : v)
          : Array.isArray(v) ? v.map(typed)
          : v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, w]) => [k, typed(w)])) : v;
        const plain = v => JSON.parse(JSON.stringify(v, (_, w) => typeof w === 'bigint' ? Number(w) : w));
        const { self, rows } = JSON.parse(readFileSync('rows.json', 'utf8'));
        const answers = rows.map(row => {
          try { return JSON.stringify(plain(evaluate(row, { self: typed(self) }))); } catch (fault) { return null; }
        });
        console.log(JSON.stringify(answers));
        """;

    [Fact]
    public async Task The_table_gives_the_same_values_in_another_implementation()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("sam-cel-");
        try
        {
            var problem = await RunAsync(
                folder,
                "npm",
                ["install", "--silent", "--no-audit", "--no-fund", Package],
                cancellationToken
            );
            // CI must have node and npm; elsewhere the rows are still checked against their written values.
            Assert.SkipWhen(
                problem.Fault is not null && Environment.GetEnvironmentVariable("CI") != "true",
                $"needs node and npm: {problem.Fault}"
            );
            Assert.Null(problem.Fault);
            var rows = new JsonObject
            {
                ["self"] = JsonNode.Parse(CelTable.Self),
                ["rows"] = new JsonArray([.. CelTable.Rows.Select(row => (JsonNode)row.Expression)]),
            };
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "rows.json"), rows.ToJsonString(), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "run.mjs"), Script, cancellationToken);

            var answer = await RunAsync(folder, "node", ["run.mjs"], cancellationToken);

            Assert.Null(answer.Fault);
            var values = JsonSerializer.Deserialize<string?[]>(answer.Output)!;
            Assert.Equal(
                CelTable.Rows.Select(row => $"{row.Expression} = {CelTable.Evaluate(row.Expression)}"),
                CelTable.Rows.Select((row, index) => $"{row.Expression} = {values[index]}")
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(string Output, string? Fault)> RunAsync(
        DirectoryInfo folder,
        string program,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (output, process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}: {await error}");
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            return ("", fault.Message); // not installed
        }
    }
}
