using System.Text;
using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Simulators.Hetzner;
using Sam.Testing;

namespace Sam.Integration.Tests.BadInput;

/// <summary>After a whole life with mishaps no secret stands in any object but Secrets, in no event and in no log line.</summary>
public sealed class SecretsStaySecretTests(SharedCluster shared) : OperatorTest(shared)
{
    private const string Password = "correct-horse-battery-staple-4711";

    [Fact]
    public async Task Secrets_are_in_Secrets_only()
    {
        Script.Image("registry.test/shop:bad", new ImageScript { HealthyAfter = null, UnhealthyAfter = TimeSpan.FromSeconds(1) });
        Hetzner.Faults.Play(
            new HetznerFault(HetznerFaults.LostAnswer)
            {
                Method = "POST",
                Path = "/servers",
                Count = 1,
            }
        );
        await Kube.CreateAsync(A.Secret("settings", ("PASSWORD", Password)), Cancel);
        static string Compose(string tag, string more = "") =>
            A.Compose($"registry.test/shop:{tag}", "    environment: {PASSWORD: '${PASSWORD}'}\n" + more);
        var app = A.App()
            .With(a => a.Spec.Compose = Compose("1"))
            .With(a => a.Spec.EnvFrom = [new EnvironmentSource { SecretRef = new LocalReference { Name = "settings" } }]);

        await ServedAsync(app);
        var userData = Assert.Single(Hetzner.Servers()).UserData;
        await Kube.EditAsync<ComposeApp>("shop", a => a.Spec.Compose = Compose("bad"), Cancel);
        await RefusedAsync("shop", "Applied", "ReleaseReverted");
        await Kube.EditAsync<ComposeApp>("shop", a => a.Spec.Compose = Compose("2", "    expose: ['${PASSWORD}']"), Cancel);
        await RefusedAsync("shop", "ManifestValid", "ComposeInvalid");
        Hetzner.Forget(HetznerSimulatorOptions.DefaultToken);
        await Kube.DeleteAsync<DeploymentNode>("edge", Cancel);
        await Expect.ThatAsync<DeploymentNode>("edge", n => n.Metadata.DeletionTimestamp is not null, "deleting", Cancel);
        await Poll.UntilAsync(
            () => Hetzner.Calls().Keys.Any(call => call.StartsWith("POST", StringComparison.Ordinal)),
            "the provider was asked",
            Cancel
        );
        await Poll.UntilAsync(
            async () => (await Kube.TextAsync<Eventsv1Event>(Cancel)).Contains("ReleaseReverted", StringComparison.Ordinal),
            () => Task.FromResult("events are written"),
            Cancel
        );

        var secrets = SecretsOf(userData);
        Assert.True(secrets.Count > 5, "the VM's key was not found in the user data");
        foreach (var (place, text) in await EverythingAsync())
            Assert.All(
                secrets,
                secret => Assert.False(text.Contains(secret, StringComparison.Ordinal), $"a secret stands in {place}")
            );
    }

    /// <summary>What must not be found: token and password as they are and in base64, and the lines of the VM's private key.</summary>
    private static List<string> SecretsOf(string userData)
    {
        List<string> secrets = ["PRIVATE KEY"];
        foreach (var secret in (string[])[HetznerSimulatorOptions.DefaultToken, Password])
            secrets.AddRange([secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))]);
        var lines = userData.Split('\n').Select(line => line.Trim()).ToList();
        var begin = lines.FindIndex(line => line.Contains("PRIVATE KEY", StringComparison.Ordinal));
        secrets.AddRange(lines.Skip(begin + 1).TakeWhile(line => begin >= 0 && !line.Contains("END", StringComparison.Ordinal)));
        return secrets;
    }

    private async Task<IReadOnlyList<(string Place, string Text)>> EverythingAsync()
    {
        var found = new List<(string, string)>();
        foreach (var kube in (KubeObjects[])[Kube, Host.System])
        {
            found.Add(("Projects", await kube.TextAsync<Project>(Cancel)));
            found.Add(("Machines", await kube.TextAsync<Machine>(Cancel)));
            found.Add(("DeploymentNodes", await kube.TextAsync<DeploymentNode>(Cancel)));
            found.Add(("ComposeApps", await kube.TextAsync<ComposeApp>(Cancel)));
            found.Add(("events", await kube.TextAsync<Eventsv1Event>(Cancel)));
            found.Add(("ConfigMaps", await kube.TextAsync<V1ConfigMap>(Cancel)));
            found.Add(("Leases", await kube.TextAsync<V1Lease>(Cancel)));
        }

        found.AddRange(Host.Logs.All.Select(line => ("a log line", line)));
        Assert.NotEmpty(Host.Logs.All);
        return found;
    }
}
