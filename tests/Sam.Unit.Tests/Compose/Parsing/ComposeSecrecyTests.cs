using Sam.Compose.Parsing;

namespace Sam.Unit.Tests.Compose.Parsing;

/// <summary>Messages end in status, where many read them: they name the path and the variable, never its value.</summary>
public sealed class ComposeSecrecyTests
{
    private const string Secret = "hunter2-Swordfish";

    /// <summary>Every place where a value is judged, each with a value that cannot stand there.</summary>
    public static TheoryData<string> Lines =>
        [
            "image: \"${SECRET} not an image\"",
            "command: \"'${SECRET}\"",
            "entrypoint: \"'${SECRET}\"",
            "command: [\"${SECRET:?${SECRET} is needed}\", \"$ {\"]",
            "environment: [\"${SECRET}\"]",
            "environment: {A: [\"${SECRET}\"]}",
            "healthcheck: {test: [\"${SECRET}\", x]}",
            "healthcheck: {test: [CMD, x], interval: \"${SECRET}\"}",
            "healthcheck: {test: [CMD, x], retries: \"${SECRET}\"}",
            "depends_on: {db: {condition: \"${SECRET}\"}}",
            "depends_on: [\"${SECRET}\"]",
            "ports: [\"${SECRET}:80\"]",
            "ports: [{target: \"${SECRET}\"}]",
            "expose: [\"${SECRET}\"]",
            "volumes: [\"${SECRET}:/data\"]",
            "volumes: [\"data:${SECRET}\"]",
            "volumes: [\"data:/data:${SECRET}\"]",
            "volumes: [{type: \"${SECRET}\", source: data, target: /x}]",
            "volumes: [{type: volume, source: \"${SECRET}\", target: /x}]",
            "restart: \"${SECRET}\"",
            "deploy: {replicas: \"${SECRET}\"}",
            "deploy: {resources: {limits: {cpus: \"${SECRET}\", memory: \"${SECRET}\", pids: \"${SECRET}\"}}}",
            "init: \"${SECRET}\"",
            "stop_grace_period: \"${SECRET}\"",
            "stop_signal: \"${SECRET}\"",
            "user: \"${SECRET} ${SECRET}\"",
            "working_dir: \"${SECRET}\"",
            "labels: [\"${SECRET}\"]",
            "networks: [\"${SECRET}\"]",
            "tmpfs: [\"${SECRET}\"]",
            "tmpfs: [\"/t:${SECRET}\"]",
            "sysctls: [\"${SECRET}=1\"]",
            "cap_add: [\"${SECRET}\"]",
            "security_opt: [\"${SECRET}\"]",
            "links: [\"${SECRET}\"]",
            "dns: \"${SECRET}\"",
            "hostname: \"${SECRET} ${SECRET}\"",
            "extra_hosts: [\"${SECRET}\"]",
            "extra_hosts: {h: \"${SECRET}\"}",
            "secrets: [\"${SECRET}\"]",
            "secrets: [{source: \"${SECRET}\", uid: \"${SECRET}\", mode: \"${SECRET}\", target: \"../${SECRET}\"}]",
            "configs: [\"${SECRET}\"]",
            "env_file: [\"${SECRET}\"]",
            "extends: \"${SECRET}\"",
            "ulimits: {nofile: \"${SECRET}\"}",
            "shm_size: \"${SECRET}\"",
            "mem_limit: \"${SECRET}\"",
            "cpuset: \"${SECRET}\"",
            "logging: {driver: \"${SECRET}\", options: {max-size: \"${SECRET}\"}}",
            "deploy: {mode: \"${SECRET}\"}",
            "deploy: {update_config: {order: \"${SECRET}\"}, restart_policy: {condition: \"${SECRET}\"}}",
        ];

    [Theory, MemberData(nameof(Lines))]
    public void A_message_never_quotes_the_value_of_a_variable(string line)
    {
        var image = line.StartsWith("image", StringComparison.Ordinal) ? "" : "image: a:1\n    ";
        var text = $"services:\n  web:\n    {image}{line}\nvolumes: {{data: null}}\n";

        var result = ComposeParser.Parse(text, new Dictionary<string, string> { ["SECRET"] = Secret });

        Assert.DoesNotContain(
            result.Errors.Concat(result.Warnings),
            problem => problem.ToString().Contains(Secret, StringComparison.OrdinalIgnoreCase)
        );
    }
}
