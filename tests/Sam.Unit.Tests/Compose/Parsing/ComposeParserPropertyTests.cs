using CsCheck;
using Sam.Compose.Parsing;
using Sam.Compose.Rendering;

namespace Sam.Unit.Tests.Compose.Parsing;

/// <summary>Whatever the text: no exception, an end, and a path for every refusal.</summary>
public sealed class ComposeParserPropertyTests
{
    private static readonly string[] Words =
    [
        "services",
        "web",
        "image",
        "command",
        "environment",
        "volumes",
        "ports",
        "depends_on",
        "healthcheck",
        "deploy",
        "x-a",
        "<<",
        "null",
        "~",
        "no",
        "true",
        "0x1F",
        "1e400",
        "-1",
        "22:22",
        "'",
        "\"",
        "$",
        "${A:-${B}}",
        "${",
        "data:/d",
        "/var/run/docker.sock:/s",
        "8080:80/tcp",
        "service_healthy",
        "extends",
        "networks",
        "secrets",
        "configs",
        "env_file",
        "tmpfs",
        "ulimits",
        "sysctls",
        "logging",
        "build",
        "develop",
        "2024-01-02",
        "2024-01-02T03:04:05+02:00",
        "",
    ];

    private static readonly string[] Marks =
    [
        "\n",
        "\n  ",
        "\n    ",
        "\n      ",
        ": ",
        ":",
        "- ",
        "- - ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "&a ",
        "*a",
        "*b",
        "? ",
        "| ",
        "> ",
        "!!str ",
        "!!int ",
        "!x ",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "#",
        "\t",
        "\0",
        "\u0085",
        "\uFEFF",
        "\uD800",
        "\\",
        "@",
        "`",
    ];

    private static readonly Gen<string> Tokens = Gen.Int[0, Words.Length + Marks.Length - 1]
        .Select(index => index < Words.Length ? Words[index] : Marks[index - Words.Length]);

    private const string Seed = """
        x-base: &base {image: "a:${TAG:-1}", environment: &env {A: 1, B: null}}
        services:
          web:
            <<: *base
            command: ["a", 'b']
            ports: ["8080:80", {target: 443, published: 8443}]
            healthcheck: {test: [CMD, x], interval: 10s}
            depends_on: {db: {condition: service_healthy}}
            networks: {front: {aliases: [w]}}
            secrets: [s, {source: s, target: /x, mode: 0400}]
            tmpfs: [/run, "/t:size=1m"]
            ulimits: {nofile: {soft: 1, hard: 2}, nproc: 5}
            sysctls: [net.core.somaxconn=1]
            extra_hosts: ["h:1.2.3.4"]
            logging: {driver: local, options: {max-size: 1m}}
            build: {context: ., args: {A: }}
            links: ["db:d"]
          late: {extends: {service: web}, env_file: [{path: e, required: false}]}
          db:
            image: db
            volumes: ["data:/d:ro"]
            deploy: {resources: {limits: {cpus: 0.5, memory: 1g}}}
        volumes: {data: }
        networks: {front: {internal: true}}
        secrets: {s: {external: true, name: n/k}}
        """;

    private static readonly Dictionary<string, string> Variables = new() { ["A"] = "${B}", ["B"] = "b" };

    [Fact]
    public void Survives_random_documents()
    {
        Tokens.Array[0, 60].Select(string.Concat).Sample(Holds, iter: 6_000, seed: "0000COMPOSE1");
    }

    [Fact]
    public void Survives_mutated_documents()
    {
        var edit = Gen.Select(Gen.Int[0, Seed.Length], Gen.Int[0, 6], Tokens);

        edit.Array[1, 5].Select(edits => edits.Aggregate(Seed, Apply)).Sample(Holds, iter: 6_000, seed: "0000COMPOSE2");
    }

    /// <summary>Found by other seeds.</summary>
    [Theory]
    [InlineData("build: {context: ., args: services}")]
    [InlineData("build: {context: ., args: [A=1, A=2, 3, null, {B: 1}]}")]
    [InlineData("build: {context: ., labels: 7}")]
    [InlineData("annotations: x")]
    [InlineData("annotations: [A=1, A=2, 3, null, [b]]")]
    [InlineData("deploy: {labels: [A=1, A=2, 3, null, [b]]}")]
    public void Survives_a_shape_that_a_key_should_not_have(string line) =>
        Assert.True(Holds($"services: {{web: {{image: a, {line}}}}}"));

    [Theory]
    [InlineData("{")]
    [InlineData("[")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: ")]
    [InlineData("!!")]
    [InlineData("&a ")]
    [InlineData("\"")]
    [InlineData("$$")]
    [InlineData("|\n ")]
    public void Ends_on_the_same_mark_over_and_over(string mark)
    {
        Assert.True(Holds(string.Concat(Enumerable.Repeat(mark, 20_000))));
    }

    [Fact]
    public void Stops_aliases_that_multiply()
    {
        var lines = Enumerable
            .Range(1, 30)
            .Select(level => $"x-{level}: &a{level} [*a{level - 1}, *a{level - 1}, *a{level - 1}]");

        var result = ComposeParser.Parse("x-0: &a0 [a]\n" + string.Join('\n', lines), Variables);

        Assert.Contains("aliases counted in full", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    private static bool Holds(string text)
    {
        var result = ComposeParser.Parse(text, Variables);
        if (result.Model is { } model)
            _ = new ConfigJson("p", "/p").Render(model);
        return (result.Model is null) == (result.Errors.Length > 0)
            && result
                .Errors.Concat(result.Warnings)
                .All(problem => problem.Path.Length > 0 && problem.Message.Length is > 0 and < 1000);
    }

    private static string Apply(string text, (int At, int Length, string Insert) edit)
    {
        var at = Math.Min(edit.At, text.Length);
        return text.Remove(at, Math.Min(edit.Length, text.Length - at)).Insert(at, edit.Insert);
    }
}
