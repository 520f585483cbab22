using Sam.Compose.Model;
using Sam.Compose.Parsing;

namespace Sam.Unit.Tests.Compose.Parsing;

public sealed class ComposeInterpolationTests
{
    private static readonly Dictionary<string, string> Variables = new() { ["SET"] = "v", ["EMPTY"] = "" };

    [Theory]
    [InlineData("$SET", "v")]
    [InlineData("${SET}", "v")]
    [InlineData("a$SET.b", "av.b")]
    [InlineData("$$SET", "$SET")]
    [InlineData("$${SET}", "${SET}")]
    [InlineData("$NONE", "")]
    [InlineData("${NONE:-d}", "d")]
    [InlineData("${NONE-d}", "d")]
    [InlineData("${EMPTY:-d}", "d")]
    [InlineData("${EMPTY-d}", "")]
    [InlineData("${SET:-d}", "v")]
    [InlineData("${SET:+r}", "r")]
    [InlineData("${EMPTY:+r}", "")]
    [InlineData("${EMPTY+r}", "r")]
    [InlineData("${NONE+r}", "")]
    [InlineData("${SET?e}", "v")]
    [InlineData("${EMPTY?e}", "")]
    [InlineData("${NONE:-${SET}}", "v")]
    [InlineData("${NONE:-a${NONE:-b$SET}c}", "abvc")]
    [InlineData("${NONE-}", "")]
    [InlineData("${NONE:-a:b-c?d}", "a:b-c?d")]
    public void Expands_by_the_Compose_specification(string value, string expected)
    {
        var result = Parse(value);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, result.Model!.Services["web"].Environment["A"]);
    }

    [Theory]
    [InlineData("$", ProblemCode.InvalidValue)]
    [InlineData("100 $ more", ProblemCode.InvalidValue)]
    [InlineData("$1", ProblemCode.InvalidValue)]
    [InlineData("${}", ProblemCode.InvalidValue)]
    [InlineData("${SET", ProblemCode.InvalidValue)]
    [InlineData("${SET!x}", ProblemCode.InvalidValue)]
    [InlineData("${SET:}", ProblemCode.InvalidValue)]
    [InlineData("${NONE:?say why}", ProblemCode.MissingVariable)]
    [InlineData("${NONE?}", ProblemCode.MissingVariable)]
    [InlineData("${EMPTY:?say why}", ProblemCode.MissingVariable)]
    public void Refuses_what_has_no_meaning_with_its_path(string value, ProblemCode code)
    {
        var error = Assert.Single(Parse(value).Errors);

        Assert.Equal(("services.web.environment.A", code), (error.Path, error.Code));
    }

    [Fact]
    public void Stops_a_document_that_variables_would_blow_up()
    {
        var variables = new Dictionary<string, string> { ["BIG"] = new('x', 200_000) };
        var text = $"services: {{web: {{image: a, environment: {{A: '{string.Concat(Enumerable.Repeat("$BIG ", 1000))}'}}}}}}";

        var error = Assert.Single(ComposeParser.Parse(text, variables).Errors);

        Assert.Contains("grows beyond", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image: $S")]
    [InlineData("restart: $S")]
    [InlineData("init: $S")]
    [InlineData("stop_grace_period: $S")]
    [InlineData("ports: [$S]")]
    [InlineData("expose: [$S]")]
    [InlineData("volumes: ['$S:/d', '/$S', 'v:$S', {type: $S, source: $S, target: $S}, {type: volume, source: $S, target: /d}]")]
    [InlineData("depends_on: [$S]")]
    [InlineData("deploy: {replicas: $S, resources: {limits: {cpus: $S, memory: $S, pids: $S}}}")]
    [InlineData("healthcheck: {test: [$S], interval: $S, retries: $S}")]
    [InlineData("user: '${NONE:?$S}'")]
    public void Shows_no_value_of_a_variable_in_a_message(string service)
    {
        var variables = new Dictionary<string, string> { ["S"] = "hunter2 hunter2" };

        var result = ComposeParser.Parse($"services:\n  web:\n    {service}\n", variables);

        Assert.Contains(
            result.Errors,
            error =>
                !error.Path.EndsWith("image", StringComparison.Ordinal) || service.StartsWith("image", StringComparison.Ordinal)
        );
        Assert.All(
            result.Errors.Concat(result.Warnings),
            problem => Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal)
        );
    }

    private static ComposeResult Parse(string value) =>
        ComposeParser.Parse($"services: {{web: {{image: a, environment: {{A: '{value}'}}}}}}", Variables);
}
