using System.Diagnostics;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>What users ask the real <c>kubectl</c> about their rights.</summary>
public sealed class KubectlAuthTests : DevClusterTest
{
    private const string Reader = "[{apiGroups: [''], resources: [configmaps], verbs: [get, list]}]";

    [Fact]
    public async Task Whoami_shows_the_user_of_the_certificate()
    {
        var text = await KubectlAsync(Server.KubeconfigOf("jane", "staff", "night"), "auth", "whoami");

        Assert.Matches(@"Username +jane", text);
        Assert.Matches(@"Groups +\[staff night system:authenticated\]", text);
    }

    [Fact]
    public async Task Can_i_answers_for_oneself_and_for_others()
    {
        await GrantAsync("jane", Reader);
        var jane = Server.KubeconfigOf("jane");

        Assert.Equal("yes\n", await KubectlAsync(Server.Kubeconfig, "auth", "can-i", "delete", "nodes"));
        Assert.Equal("yes\n", await KubectlAsync(jane, "auth", "can-i", "list", "configmaps"));
        Assert.Equal("no\n", await KubectlAsync(jane, fails: true, "auth", "can-i", "create", "configmaps"));
        Assert.Equal("no\n", await KubectlAsync(Server.Kubeconfig, fails: true, "auth", "can-i", "get", "pods", "--as", "jane"));
        Assert.Equal("yes\n", await KubectlAsync(Server.Kubeconfig, "auth", "can-i", "get", "/version", "--as", "jane"));
    }

    [Fact]
    public async Task Can_i_list_prints_the_rules()
    {
        await GrantAsync("jane", Reader);

        var text = await KubectlAsync(Server.KubeconfigOf("jane"), "auth", "can-i", "--list");

        Assert.Matches(@"configmaps +\[\] +\[\] +\[get list\]", text);
        Assert.Matches(@"selfsubjectaccessreviews\.authorization\.k8s\.io +\[\] +\[\] +\[create\]", text);
        Assert.Matches(@"\[/api/\*\] +\[\] +\[get\]", text);
    }

    [Fact]
    public async Task A_created_token_opens_what_its_account_may_see()
    {
        await GrantAsync("system:serviceaccount:default:robot", Reader.Replace("list", "create", StringComparison.Ordinal));
        await KubectlAsync(Server.Kubeconfig, "create", "serviceaccount", "robot");

        var token = (await KubectlAsync(Server.Kubeconfig, "create", "token", "robot", "--duration", "20m")).Trim();
        var made = await Api.PostAsync(
            "/api/v1/namespaces/default/configmaps",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
            token
        );
        var refused = await Api.GetAsync("/api/v1/namespaces/default/configmaps", token);

        Assert.Equal((201, 403), (made.Status, refused.Status));
    }

    [Fact]
    public async Task Acting_as_somebody_else_is_refused_in_their_name()
    {
        var text = await KubectlAsync(
            Server.Kubeconfig,
            fails: true,
            "get",
            "secrets",
            "--as",
            "jane",
            "--as-group",
            "staff",
            "-n",
            "kube-system"
        );

        Assert.Contains(
            "Error from server (Forbidden): secrets is forbidden: User \"jane\" cannot list resource \"secrets\" in API group \"\" in the namespace \"kube-system\"",
            text
        );
    }

    [Fact]
    public async Task Roles_and_bindings_are_made_and_described()
    {
        await KubectlAsync(Server.Kubeconfig, "create", "clusterrole", "peek", "--verb=get", "--resource=secrets");
        await KubectlAsync(Server.Kubeconfig, "create", "rolebinding", "peek", "--clusterrole=peek", "--user=jane");

        var role = await KubectlAsync(Server.Kubeconfig, "describe", "clusterrole", "peek");
        var allowed = await KubectlAsync(Server.KubeconfigOf("jane"), "auth", "can-i", "get", "secrets");

        Assert.Matches(@"secrets +\[\] +\[\] +\[get\]", role);
        Assert.Equal("yes\n", allowed);
    }

    private static Task<string> KubectlAsync(string kubeconfig, params string[] arguments) =>
        KubectlAsync(kubeconfig, fails: false, arguments);

    private static async Task<string> KubectlAsync(string kubeconfig, bool fails, params string[] arguments)
    {
        var kubectl = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, "kubectl"))
            .FirstOrDefault(File.Exists);
        if (kubectl is null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail("kubectl is missing on the CI machine");
        Assert.SkipWhen(kubectl is null, "kubectl is not installed");
        var folder = Directory.CreateTempSubdirectory("sam-kubectl-auth-").FullName;
        try
        {
            var file = Path.Combine(folder, "kubeconfig");
            await File.WriteAllTextAsync(file, kubeconfig, TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo(kubectl!, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["KUBECONFIG"] = file;
            start.Environment["HOME"] = folder; // discovery is cached there
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            var (text, problem) = (await output, await errors);
            Assert.True(
                process.ExitCode != 0 == fails,
                $"kubectl {string.Join(' ', arguments)} ended with {process.ExitCode}: {text}{problem}"
            );
            return text.Length > 0 ? text : problem;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
