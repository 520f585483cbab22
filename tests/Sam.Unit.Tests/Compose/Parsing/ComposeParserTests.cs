using Sam.Compose.Model;
using Sam.Compose.Parsing;

namespace Sam.Unit.Tests.Compose.Parsing;

public sealed class ComposeParserTests
{
    [Fact]
    public void Reads_every_supported_key()
    {
        var web = Service(
            """
            services:
              db: {image: "postgres:16"}
              web:
                image: registry.example.com/web:1
                command: serve --name "a b" 'c d'
                entrypoint: ["/bin/sh", "-c"]
                environment: {A: x, N: 1, B: true, F: 1.50, E: ""}
                healthcheck: {test: curl -f localhost, interval: 1m30s, timeout: 500ms, retries: 3, start_period: 2s, start_interval: 1s}
                depends_on: {db: {condition: service_healthy}}
                ports: ["8080:3000", "127.0.0.1:9000-9001:9000-9001/udp", 22:22, {target: 443, published: "8443"}]
                expose: [3000, "4000"]
                volumes: ["data:/data:ro", {type: volume, source: data, target: /other, volume: {}}]
                restart: on-failure:3
                deploy: {replicas: 1, resources: {limits: {cpus: "0.5", memory: 512M, pids: 100}, reservations: {cpus: 0.25, memory: 64mb}}}
                user: "1000:1000"
                working_dir: /srv
                init: true
                stop_grace_period: 1.5s
                stop_signal: SIGQUIT
                labels: [com.example=1]
            volumes: {data: null}
            """
        );

        Assert.Equal(["serve", "--name", "a b", "c d"], web.Command!.Value);
        Assert.Equal(["/bin/sh", "-c"], web.Entrypoint!.Value);
        Assert.Equal("A=x B=true E= F=1.5 N=1", string.Join(' ', web.Environment.Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.Equal(["CMD-SHELL", "curl -f localhost"], web.Healthcheck!.Test!.Value);
        Assert.Equal(TimeSpan.FromSeconds(90), web.Healthcheck.Interval);
        Assert.Equal(DependencyCondition.Healthy, web.DependsOn["db"].Condition);
        Assert.Equal([3000, 9000, 9001, 22, 443], web.Ports.Select(port => port.Target));
        Assert.Equal([3000, 4000], web.Expose.Select(port => port.Target));
        Assert.Equal([new VolumeMount("data", "/data", true), new VolumeMount("data", "/other")], web.Volumes);
        Assert.Equal(new RestartPolicy(RestartMode.OnFailure, 3), web.Restart);
        Assert.Equal(
            new Resources
            {
                NanoCpus = 500_000_000,
                MemoryBytes = 512L << 20,
                Pids = 100,
                ReservedNanoCpus = 250_000_000,
                ReservedMemoryBytes = 64L << 20,
            },
            web.Resources
        );
        Assert.Equal(
            ("1000:1000", "/srv", true, TimeSpan.FromSeconds(1.5), "SIGQUIT"),
            (web.User, web.WorkingDir, web.Init, web.StopGracePeriod, web.StopSignal)
        );
        Assert.Equal("1", web.Labels["com.example"]);
    }

    [Fact]
    public void Tells_all_errors_at_once_in_document_order()
    {
        var result = Parse(
            """
            services:
              web:
                build: .
                privileged: true
                volumes: [/var/run/docker.sock:/var/run/docker.sock, ./src:/src, "cache:/c", "/anonymous"]
                depends_on: [nobody]
                foo: bar
                restart: sometimes
              api:
                image: a
                image: b
                ports: ["x"]
            networks: {n: {ipam: {config: [{subnet: 10.0.0.0/8}]}}}
            """
        );

        Assert.Null(result.Model);
        Assert.Equal(
            [
                "services.web.build Refused",
                "services.web.privileged Refused",
                "services.web.volumes[0] Refused",
                "services.web.volumes[1] Refused",
                "services.web.volumes[2] UndefinedReference",
                "services.web.volumes[3] Refused",
                "services.web.depends_on[0] UndefinedReference",
                "services.web.foo UnknownKey",
                "services.web.restart InvalidValue",
                "services.api.image Duplicate",
                "services.api.ports[0] InvalidValue",
                "networks.n.ipam.config Refused",
            ],
            result.Errors.Select(error => $"{error.Path} {error.Code}")
        );
        Assert.Contains("Docker socket", result.Errors[2].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "services", ProblemCode.Required)]
    [InlineData("{}", "services", ProblemCode.Required)]
    [InlineData("services: {}", "services", ProblemCode.Required)]
    [InlineData("services: {web: {}}", "services.web.image", ProblemCode.Required)]
    [InlineData("services: {web: }", "services.web", ProblemCode.InvalidValue)]
    [InlineData("services: [a]", "services", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: }}", "services.web.image", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: 'no spaces please'}}", "services.web.image", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: a, restart: false}}", "services.web.restart", ProblemCode.InvalidValue)]
    [InlineData(
        "services: {web: {image: a, stop_grace_period: soon}}",
        "services.web.stop_grace_period",
        ProblemCode.InvalidValue
    )]
    [InlineData("services: {web: {image: a, command: 'open \"quote'}}", "services.web.command", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: a, deploy: {replicas: 51}}}", "services.web.deploy.replicas", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: a, labels: {dev.sam.uid: x}}}", "services.web.labels.dev.sam.uid", ProblemCode.Refused)]
    [InlineData("services: {web: {image: a, tmpfs: tmp}}", "services.web.tmpfs", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: a, tmpfs: '/tmp:huge=always'}}", "services.web.tmpfs", ProblemCode.Refused)]
    [InlineData(
        "services: {web: {image: a, volumes: [{type: tmpfs, target: t}]}}",
        "services.web.volumes[0].target",
        ProblemCode.Required
    )]
    [InlineData("services: {web: {image: a, ports: }}", "services.web.ports", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: a, environment: {1: x}}}", "services.web.environment.1", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: a, extends: nobody}}", "services.web.extends", ProblemCode.UndefinedReference)]
    [InlineData("services: {web: {image: a, extends: web}}", "services.web.extends", ProblemCode.Cycle)]
    [InlineData("services: {web: {image: a, extends: {service: b, file: c}}}", "services.web.extends.file", ProblemCode.Refused)]
    [InlineData("services: {web: {image: a, networks: [n]}}", "services.web.networks[0]", ProblemCode.UndefinedReference)]
    [InlineData("services: {web: {image: a, secrets: [s]}}", "services.web.secrets[0]", ProblemCode.UndefinedReference)]
    [InlineData("services: {web: {image: a}}\nsecrets: {s: {}}", "secrets.s", ProblemCode.Required)]
    [InlineData("services: {web: {image: a, env_file: x.env}}", "services.web.env_file", ProblemCode.UndefinedReference)]
    [InlineData("services: {web: {image: a, profiles: [x]}}", "services", ProblemCode.Required)]
    [InlineData("services: {web: {image: a, logging: {driver: syslog}}}", "services.web.logging.driver", ProblemCode.Refused)]
    [InlineData("services: {web: {image: a, cap_add: [SYS_ADMIN]}}", "services.web.cap_add[0]", ProblemCode.Refused)]
    [InlineData(
        "services: {web: {image: a, cap_add: ['${CAP:-CHOWN}', SYS_ADMIN]}}",
        "services.web.cap_add[1]",
        ProblemCode.Refused
    )]
    [InlineData("services: {web: {image: a, cap_add: ['${CAP:-SYS_ADMIN}']}}", "services.web.cap_add[0]", ProblemCode.Refused)]
    [InlineData("services: {web: {image: a, sysctls: [kernel.panic=1]}}", "services.web.sysctls[0]", ProblemCode.Refused)]
    [InlineData("services: {web: {image: a, scale: 2, deploy: {replicas: 3}}}", "services.web.scale", ProblemCode.Duplicate)]
    [InlineData(
        "services: {web: {image: a, healthcheck: {test: [true]}}}",
        "services.web.healthcheck.test[0]",
        ProblemCode.InvalidValue
    )]
    [InlineData(
        "services: {web: {image: a, healthcheck: {test: [curl]}}}",
        "services.web.healthcheck.test",
        ProblemCode.InvalidValue
    )]
    [InlineData(
        "services: {web: {image: a, depends_on: {web: {condition: service_started}}}}",
        "services.web.depends_on",
        ProblemCode.Cycle
    )]
    [InlineData(
        "services: {a: {image: a, depends_on: [b]}, b: {image: b, depends_on: [a]}}",
        "services.a.depends_on",
        ProblemCode.Cycle
    )]
    [InlineData("services: {web: {image: a}}\nvolumes: {d: {external: true}}", "volumes.d.external", ProblemCode.Refused)]
    [InlineData("services: {web: {image: a, environment: {A: [1]}}}", "services.web.environment.A", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: '${TAG:?set it}'}}", "services.web.image", ProblemCode.MissingVariable)]
    [InlineData("services: {web: {image: 'a:$'}}", "services.web.image", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: *nobody}}", "services.web.image", ProblemCode.UndefinedReference)]
    [InlineData("services: {web: {<<: 5, image: a}}", "services.web.<<", ProblemCode.InvalidValue)]
    [InlineData("services: {web: {image: a}}\n---\nservices: {}", ".", ProblemCode.Syntax)]
    [InlineData("services: [", ".", ProblemCode.Syntax)]
    [InlineData("services:\n\tweb:", ".", ProblemCode.Syntax)]
    public void Names_the_path_and_the_kind_of_mistake(string text, string path, ProblemCode code)
    {
        var result = Parse(text);

        Assert.Contains(result.Errors, error => error.Path == path && error.Code == code && error.Message.Length > 10);
        Assert.Null(result.Model);
    }

    [Fact]
    public void Reads_a_plain_no_as_the_word()
    {
        Assert.Equal(RestartMode.No, Service("services: {web: {image: a, restart: no}}").Restart!.Mode);
    }

    [Fact]
    public void Tells_null_from_empty_commands()
    {
        var web = Service("services: {web: {image: a, command: null, entrypoint: ''}}");

        Assert.Null(web.Command);
        Assert.Empty(web.Entrypoint!.Value);
    }

    [Fact]
    public void Follows_anchors_and_merge_keys_and_drops_extensions()
    {
        var web = Service(
            """
            x-base: &base {image: base, user: "1", environment: &env {A: a, B: b}}
            services:
              x-note: {anything: goes}
              web:
                <<: *base
                x-own: 1
                image: mine
                environment: {<<: *env, B: other}
            """
        );

        Assert.Equal(("mine", "1"), (web.Image, web.User));
        Assert.Equal("A=a B=other", string.Join(' ', web.Environment.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Fact]
    public void Takes_variables_for_names_without_value_and_leaves_out_unknown_ones()
    {
        var web = Service(
            "services: {web: {image: a, environment: [A, MISSING, C=$A]}}",
            new Dictionary<string, string> { ["A"] = "1" }
        );

        Assert.Equal("A=1 C=1", string.Join(' ', web.Environment.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Fact]
    public void Warns_about_keys_without_effect()
    {
        var result = Parse("name: x\nversion: '3'\nservices: {web: {image: 'a:${TAG}', container_name: c, ports: [80]}}");

        Assert.Equal(
            [
                "name Ignored",
                "version Ignored",
                "services.web.image MissingVariable",
                "services.web.container_name Ignored",
                "services.web.ports Ignored",
            ],
            result.Warnings.Select(warning => $"{warning.Path} {warning.Code}")
        );
    }

    [Theory]
    [InlineData("0o17", "15")]
    [InlineData("017", "15")]
    [InlineData("0x1F", "31")]
    [InlineData("1_000", "1000")]
    [InlineData("22:22", "22:22")]
    [InlineData("yes", "yes")]
    [InlineData("True", "true")]
    [InlineData("1e3", "1000")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("1e21", "1e+21")]
    [InlineData("3.10", "3.1")]
    [InlineData("-0.25", "-0.25")]
    [InlineData("'3.10'", "3.10")]
    [InlineData("!!str 017", "017")]
    public void Turns_environment_values_into_strings_as_Compose_does(string yaml, string expected)
    {
        Assert.Equal(expected, Service($"services:\n  web:\n    image: a\n    environment:\n      A: {yaml}\n").Environment["A"]);
    }

    [Fact]
    public void Writes_a_model_that_reads_back_equal()
    {
        var model = Parse(
            "services: {web: {image: a, command: [], environment: {a: 1, B: 2}, volumes: ['d1:/d']}}\nvolumes: {d1: }"
        ).Model!;

        var text = Sam.Compose.Rendering.ModelJson.Render(model);
        var back = Sam.Compose.Rendering.ModelJson.Parse(text);

        Assert.Equal(model, back);
        Assert.Equal(text, Sam.Compose.Rendering.ModelJson.Render(back));
    }

    private static ComposeResult Parse(string text) => ComposeParser.Parse(text, new Dictionary<string, string>());

    private static ComposeService Service(string text, Dictionary<string, string>? variables = null)
    {
        var result = ComposeParser.Parse(text, variables ?? []);
        Assert.Empty(result.Errors);
        return result.Model!.Services["web"];
    }
}
