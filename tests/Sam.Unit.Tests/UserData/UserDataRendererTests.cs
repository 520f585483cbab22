using System.Text;
using Sam.Operator.Clients.Docker;
using Sam.Operator.UserData;

namespace Sam.Tests.UserData;

public sealed class UserDataRendererTests
{
    [Theory]
    [MemberData(nameof(UserDataSamples.Names), MemberType = typeof(UserDataSamples))]
    public void It_renders_what_the_golden_file_says(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "UserData", "golden", $"{name}.yaml");

        var rendered = UserDataRenderer.Render(UserDataSamples.Named(name));

        if (Environment.GetEnvironmentVariable("SAM_UPDATE_GOLDEN") is { Length: > 0 } source)
        {
            File.WriteAllText(Path.Combine(source, $"{name}.yaml"), rendered);
        }

        Assert.Equal(File.ReadAllText(file), rendered);
    }

    [Fact]
    public void It_holds_no_secret_but_the_machines_own_key()
    {
        var rendered = UserDataRenderer.Render(UserDataSamples.Full);

        Assert.Equal(1, rendered.Split("PRIVATE KEY-----").Length / 2);
        Assert.Contains("permissions: \"0600\"", rendered, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_request_renders_the_same_text()
    {
        Assert.Equal(UserDataRenderer.Render(UserDataSamples.Full), UserDataRenderer.Render(UserDataSamples.Full with { }));
    }

    [Fact]
    public void Real_keys_and_authorities_are_accepted_and_fit()
    {
        var keys = new EngineIdentity(Enumerable.Range(0, 32).Select(n => (byte)n).ToArray()).For("m-1");
        var first = OperatorIdentity.Create("one", DateTimeOffset.UnixEpoch);
        var pems = OperatorIdentity.Create("two", DateTimeOffset.UnixEpoch) with
        {
            PreviousAuthorityCertificate = first.AuthorityCertificate,
        };
        using var identity = OperatorIdentity.Parse(pems);

        var rendered = UserDataRenderer.Render(
            UserDataSamples.Full with
            {
                MachineId = "m-1",
                EngineKeyPem = keys.KeyPem,
                EngineCertificatePem = keys.CertificatePem,
                ClientAuthoritiesPem = identity.Authorities,
            }
        );

        Assert.InRange(Encoding.UTF8.GetByteCount(rendered), 1, UserDataRenderer.LimitBytes - 1);
    }

    [Fact]
    public void All_bad_values_are_told_at_once_and_none_is_shown()
    {
        var request = UserDataSamples.Full with
        {
            MachineId = "m-0000\nruncmd: [evil]",
            EngineKeyPem = "hunter2",
            EngineCertificatePem = UserDataSamples.Full.ClientAuthoritiesPem,
            ClientAuthoritiesPem = "",
            SwapMiB = -1,
            SshAuthorizedKeys =
            [
                "command=\"x\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA\nx",
            ],
        };

        var fault = Assert.Throws<UserDataException>(() => UserDataRenderer.Render(request));

        Assert.Equal(7, fault.Errors.Count);
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", fault.Message, StringComparison.Ordinal);
    }
}
