using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sam.Operator.Clients.GitHub;

namespace Sam.Unit.Tests.Tokens;

public sealed class AppKeyTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string, string> Forms =>
        new()
        {
            { "PKCS#1", "12345", Keys.Pem },
            { "PKCS#8", "12345", Keys.Pkcs8 },
            { "a trailing newline", "12345\n", Keys.Pem + "\n\n" },
            { "CRLF", "12345\r\n", Keys.Pem.ReplaceLineEndings("\r\n") },
            { "base64 of PEM", "12345", Convert.ToBase64String(Encoding.UTF8.GetBytes(Keys.Pem)) },
            {
                "base64 of PEM in lines",
                "12345",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(Keys.Pkcs8), Base64FormattingOptions.InsertLineBreaks) + "\n"
            },
            { "line breaks written out", "12345", Keys.Pem.ReplaceLineEndings("\\n") },
            { "JSON strings", "\"12345\"", JsonSerializer.Serialize(Keys.Pem) },
            { "a JSON object", """{"appId": 12345}""", JsonSerializer.Serialize(new { privateKey = Keys.Pem }) },
            { "GitHub's own words", """{"app_id": "12345"}""", JsonSerializer.Serialize(new { pem = Keys.Pkcs8 }) },
        };

    [Theory, MemberData(nameof(Forms))]
    public void A_key_is_read_in_every_form_that_people_store(string form, string id, string key)
    {
        var read = GitHubAppKey.Read(id, key);

        Assert.Equal("12345", read.AppId);
        Assert.Equal(GitHubAppKey.Read("12345", Keys.Pem), read);
        Assert.NotEmpty(form);
    }

    [Theory]
    [InlineData("", "no id")]
    [InlineData("not an id", "blanks")]
    [InlineData("{\"name\": 1}", "another member")]
    [InlineData("{", "broken JSON")]
    public void What_is_no_id_is_refused(string id, string why)
    {
        Assert.Throws<FormatException>(() => GitHubAppKey.Read(id, Keys.Pem));
        Assert.NotEmpty(why);
    }

    [Fact]
    public void What_is_no_usable_key_is_refused_without_showing_it()
    {
        using var small = RSA.Create(1024);
        using var curve = ECDsa.Create();
        using var whole = RSA.Create(2048);
        string[] keys =
        [
            "",
            "secret-words",
            "-----BEGIN RSA PRIVATE KEY-----\nsecretwords\n-----END RSA PRIVATE KEY-----",
            small.ExportRSAPrivateKeyPem(),
            curve.ExportECPrivateKeyPem(),
            whole.ExportRSAPublicKeyPem(),
            whole.ExportEncryptedPkcs8PrivateKeyPem(
                "password",
                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)
            ),
        ];

        foreach (var key in keys)
        {
            var fault = Assert.Throws<FormatException>(() => GitHubAppKey.Read("1", key));
            Assert.DoesNotContain("secret", fault.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void A_jwt_lives_for_ten_minutes_from_a_minute_ago_and_is_signed_by_the_key()
    {
        var parts = GitHubAppKey.Read("12345", Keys.Pem).SignJwt(s_now).Split('.');

        var payload = JsonDocument.Parse(Decode(parts[1])).RootElement;
        using var rsa = RSA.Create();
        rsa.ImportFromPem(Keys.Pem);
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        Assert.Equal(s_now.ToUnixTimeSeconds() - 60, payload.GetProperty("iat").GetInt64());
        Assert.Equal(600, payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64());
        Assert.Equal("12345", payload.GetProperty("iss").GetString());
        Assert.True(rsa.VerifyData(signed, Decode(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void A_key_and_a_token_never_print_themselves()
    {
        var key = GitHubAppKey.Read("12345", Keys.Pem);
        var token = new InstallationToken("ghs_secret", "12345", 7, s_now);

        Assert.Equal($"github-app-12345-{key.Fingerprint}", key.ToString());
        Assert.DoesNotContain("ghs_secret", $"{token} {JsonSerializer.Serialize(token)}", StringComparison.Ordinal);
    }

    private static byte[] Decode(string part) => System.Buffers.Text.Base64Url.DecodeFromChars(part);
}
