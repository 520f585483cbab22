using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>Admission webhooks over real HTTPS.</summary>
public sealed class WebhookTests : DevClusterTest
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    private const string Registration = "/apis/admissionregistration.k8s.io/v1";

    private const string OnConfigMaps =
        "rules: [{apiGroups: [''], apiVersions: ['*'], operations: ['*'], resources: [configmaps]}]";

    private readonly ConcurrentQueue<JsonNode> _seen = new();

    [Fact]
    public async Task A_validating_webhook_refuses_in_its_own_words()
    {
        await using var peer = await HookAsync(_ =>
            """{"allowed": false, "status": {"code": 403, "reason": "Forbidden", "message": "no maps today"}}"""
        );
        await RegisterAsync("Validating", peer, OnConfigMaps);

        var refusal = await Api.PostAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}");

        Assert.Equal(403, refusal.Status);
        Assert.Equal("admission webhook \"hook.example.com\" denied the request: no maps today", refusal.Message);
        var request = Assert.Single(_seen)["request"]!;
        Assert.Equal("CREATE", request["operation"]!.ToString());
        Assert.Equal("v", request["object"]!["data"]!["k"]!.ToString());
        Assert.Equal("admin", request["userInfo"]!["username"]!.ToString());
        Assert.NotNull(request["object"]!["metadata"]!["uid"]);
        Assert.Equal(404, (await Api.GetAsync($"{ConfigMaps}/a")).Status);
    }

    [Fact]
    public async Task A_refusal_without_words_says_so()
    {
        await using var peer = await HookAsync(_ => """{"allowed": false}""");
        await RegisterAsync("Validating", peer, OnConfigMaps);

        var refusal = await Api.PostAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");

        Assert.Equal(400, refusal.Status);
        Assert.Equal("admission webhook \"hook.example.com\" denied the request without explanation", refusal.Message);
    }

    [Fact]
    public async Task A_mutating_webhook_changes_what_is_stored_and_warns()
    {
        await using var peer = await HookAsync(request =>
            Patched("""[{"op": "add", "path": "/data", "value": {"added": "yes"}}]""", warnings: """["be careful"]""")
        );
        await RegisterAsync("Mutating", peer, OnConfigMaps);

        var made = await Api.PostAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: a-}}");

        Assert.Equal("yes", made.Text("data", "added"));
        Assert.Equal("299 - \"be careful\"", Assert.Single(made.Warnings));
        var request = Assert.Single(_seen)["request"]!;
        Assert.Null(request["name"]);
        Assert.Null(request["object"]!["metadata"]!["uid"]);
    }

    [Fact]
    public async Task Updates_and_deletions_show_the_old_object()
    {
        await using var peer = await HookAsync(_ => """{"allowed": true}""");
        await CreateAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: old}}");
        await RegisterAsync("Validating", peer, OnConfigMaps);

        await Api.SendAsync(
            HttpMethod.Patch,
            $"{ConfigMaps}/a",
            """{"data":{"k":"new"}}""",
            media: "application/merge-patch+json"
        );
        await Api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/a", null);

        Assert.Equal(["UPDATE", "DELETE"], _seen.Select(review => review["request"]!["operation"]!.ToString()));
        Assert.Equal(["old", "new"], _seen.Select(review => review["request"]!["oldObject"]!["data"]!["k"]!.ToString()));
        Assert.Null(_seen.Last()["request"]!["object"]);
    }

    [Fact]
    public async Task A_webhook_is_asked_only_where_its_selectors_and_conditions_hold()
    {
        await using var peer = await HookAsync(_ => """{"allowed": false}""");
        await CreateAsync(
            "/api/v1/namespaces",
            "{apiVersion: v1, kind: Namespace, metadata: {name: room, labels: {guarded: 'yes'}}}"
        );
        await RegisterAsync(
            "Validating",
            peer,
            OnConfigMaps,
            "namespaceSelector: {matchLabels: {guarded: 'yes'}}",
            "objectSelector: {matchExpressions: [{key: free, operator: DoesNotExist}]}",
            "matchConditions: [{name: named, expression: \"object.metadata.name.startsWith('a') && request.operation == 'CREATE'\"}]"
        );
        async Task<int> TryAsync(string @namespace, string metadata) =>
            (
                await Api.PostAsync(
                    $"/api/v1/namespaces/{@namespace}/configmaps",
                    $"{{apiVersion: v1, kind: ConfigMap, metadata: {metadata}}}"
                )
            ).Status;

        Assert.Equal(201, await TryAsync("default", "{name: a}"));
        Assert.Equal(201, await TryAsync("room", "{name: a, labels: {free: 'yes'}}"));
        Assert.Equal(201, await TryAsync("room", "{name: b}"));
        Assert.Empty(_seen);
        Assert.Equal(400, await TryAsync("room", "{name: aa}"));
    }

    [Fact]
    public async Task A_condition_that_cannot_be_evaluated_refuses_the_write()
    {
        await using var peer = await HookAsync(_ => """{"allowed": true}""");
        await RegisterAsync(
            "Validating",
            peer,
            OnConfigMaps,
            "matchConditions: [{name: odd, expression: \"object.data.missing == 'x'\"}]"
        );

        var refusal = await Api.PostAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}");

        Assert.Equal(403, refusal.Status);
        Assert.Contains("configmaps \"a\" is forbidden: expression", refusal.Message);
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task A_webhook_that_is_gone_fails_the_write_or_is_left_out_as_it_wishes()
    {
        var peer = await HookAsync(_ => """{"allowed": true}""");
        await RegisterAsync("Validating", peer, OnConfigMaps);
        await peer.DisposeAsync();

        var failed = await Api.PostAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
        await Api.SendAsync(
            HttpMethod.Patch,
            $"{Registration}/validatingwebhookconfigurations/hook",
            """[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]""",
            media: "application/json-patch+json"
        );
        var passed = await Api.PostAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");

        Assert.Equal(500, failed.Status);
        Assert.Equal(
            $"Internal error occurred: failed calling webhook \"hook.example.com\": failed to call webhook: Post \"{peer.Address}hook?timeout=10s\": dial tcp {peer.Address.Authority}: connect: connection refused",
            failed.Message
        );
        Assert.Equal(201, passed.Status);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_not_trusted()
    {
        await using var peer = await HookAsync(_ => """{"allowed": true}""");
        await using var other = await HookAsync(_ => """{"allowed": true}""");
        await RegisterAsync("Validating", "hook", $"{{url: '{peer.Address}hook', caBundle: {other.Bundle}}}", OnConfigMaps);

        var failed = await Api.PostAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");

        Assert.EndsWith("tls: failed to verify certificate: x509: certificate signed by unknown authority", failed.Message);
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task A_silent_webhook_times_out()
    {
        await using var peer = await HttpsPeer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await RegisterAsync("Validating", peer, OnConfigMaps, "timeoutSeconds: 1");

        var failed = await Api.PostAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");

        Assert.Equal(500, failed.Status);
        Assert.EndsWith("hook?timeout=1s\": context deadline exceeded", failed.Message);
    }

    [Fact]
    public async Task A_dry_run_asks_only_webhooks_without_effects()
    {
        await using var peer = await HookAsync(_ => """{"allowed": true}""");
        await RegisterAsync("Validating", peer, OnConfigMaps);

        var made = await Api.PostAsync($"{ConfigMaps}?dryRun=All", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");

        Assert.Equal(201, made.Status);
        Assert.True(Assert.Single(_seen)["request"]!["dryRun"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_service_is_found_by_name_and_its_certificate_is_for_that_name()
    {
        await using var peer = await HookAsync(
            _ => """{"allowed": false, "status": {"message": "by service"}}""",
            "hook.tools.svc"
        );
        Serve("tools", "hook", peer);
        await RegisterAsync(
            "Validating",
            "hook",
            $"{{service: {{namespace: tools, name: hook, path: /check}}, caBundle: {peer.Bundle}}}",
            OnConfigMaps
        );

        var refusal = await Api.PostAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");

        Assert.EndsWith("denied the request: by service", refusal.Message);
    }

    [Fact]
    public async Task A_webhook_that_asked_for_it_sees_the_change_of_a_later_one()
    {
        await using var first = await HookAsync(_ => """{"allowed": true}""");
        await using var second = await HookAsync(_ => Patched("""[{"op": "add", "path": "/data", "value": {"late": "yes"}}]"""));
        await RegisterAsync("Mutating", first, OnConfigMaps, "reinvocationPolicy: IfNeeded");
        await RegisterAsync("Mutating", "later", $"{{url: '{second.Address}hook', caBundle: {second.Bundle}}}", OnConfigMaps);

        await CreateAsync(ConfigMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");

        Assert.Equal(3, _seen.Count);
        Assert.Equal("yes", _seen.Last()["request"]!["object"]!["data"]!["late"]!.ToString());
    }

    [Fact]
    public async Task Another_version_of_the_resource_is_shown_as_the_rule_names_it()
    {
        await using var peer = await HookAsync(_ => """{"allowed": true}""");
        await CreateAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", TwoVersions);
        await RegisterAsync(
            "Validating",
            peer,
            "rules: [{apiGroups: [hooks.example.com], apiVersions: [v1], operations: [CREATE], resources: [toys]}]"
        );

        await Api.UntilAsync("/apis/hooks.example.com/v2", answer => answer.Status == 200);
        await CreateAsync(
            "/apis/hooks.example.com/v2/namespaces/default/toys",
            "{apiVersion: hooks.example.com/v2, kind: Toy, metadata: {name: a}}"
        );

        var request = Assert.Single(_seen)["request"]!;
        Assert.Equal("v1", request["kind"]!["version"]!.ToString());
        Assert.Equal("v2", request["requestKind"]!["version"]!.ToString());
        Assert.Equal("hooks.example.com/v1", request["object"]!["apiVersion"]!.ToString());
    }

    [Fact]
    public async Task A_configuration_that_could_not_work_is_refused()
    {
        var refusal = await Api.PostAsync(
            $"{Registration}/validatingwebhookconfigurations",
            "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: bad}, webhooks: [{name: short, clientConfig: {url: 'http://x'}, matchConditions: [{name: a, expression: 'nothing.here'}]}]}"
        );

        Assert.Equal(422, refusal.Status);
        Assert.Contains("webhooks[0].name: Invalid value: \"short\"", refusal.Message);
        Assert.Contains("webhooks[0].sideEffects: Required value", refusal.Message);
        Assert.Contains("webhooks[0].clientConfig.url: Invalid value", refusal.Message);
        Assert.Contains("webhooks[0].matchConditions[0].expression: Invalid value", refusal.Message);
    }

    private const string TwoVersions = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: toys.hooks.example.com}
        spec:
          group: hooks.example.com
          scope: Namespaced
          names: {kind: Toy, plural: toys}
          versions:
          - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
          - {name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}
        """;

    private static string Patched(string patch, string warnings = "[]") =>
        $$"""{"allowed": true, "patchType": "JSONPatch", "patch": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes(patch))}}", "warnings": {{warnings}}}""";

    private Task<HttpsPeer> HookAsync(Func<JsonNode, string> answer, params string[] names) =>
        HttpsPeer.StartAsync(
            async context =>
            {
                var review = (await JsonNode.ParseAsync(context.Request.Body))!;
                _seen.Enqueue(review);
                var response = JsonNode.Parse(answer(review))!;
                response["uid"] = review["request"]!["uid"]!.DeepClone();
                await context.Response.WriteAsync(
                    new JsonObject
                    {
                        ["apiVersion"] = "admission.k8s.io/v1",
                        ["kind"] = "AdmissionReview",
                        ["response"] = response,
                    }.ToJsonString()
                );
            },
            names
        );

    private Task RegisterAsync(string kind, HttpsPeer peer, params string[] fields) =>
        RegisterAsync(kind, "hook", $"{{url: '{peer.Address}hook', caBundle: {peer.Bundle}}}", fields);

    private Task RegisterAsync(string kind, string name, string client, params string[] fields) =>
        CreateAsync(
            $"{Registration}/{kind.ToLowerInvariant()}webhookconfigurations",
            $"{{apiVersion: admissionregistration.k8s.io/v1, kind: {kind}WebhookConfiguration, metadata: {{name: {name}}}, webhooks: [{{name: {name}.example.com, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {client}, {string.Join(", ", fields)}}}]}}"
        );
}
