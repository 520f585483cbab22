using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Credentials;
using Sam.Rules.Credentials;

namespace Sam.Unit.Tests.Credentials;

/// <summary>Which layer a credential comes from, and what each form of a value is read as.</summary>
public sealed class CredentialResolverTests
{
    private const string Value = "v4lu3-0123456789";

    public static TheoryData<string, string> ReadableTexts =>
        new()
        {
            { "raw", Value },
            { "with a line break", Value + "\n" },
            { "with a Windows line break", Value + "\r\n" },
            { "with a byte order mark", "\uFEFF" + Value },
            { "JSON text", $"\"{Value}\"" },
            { "JSON text with a line break in and after it", $"\"{Value}\\n\"\n" },
            { "JSON token", $$"""{"token": "{{Value}}"}""" },
            { "JSON apiKey", $$"""{"apiKey":"{{Value}}","note":1}""" },
            { "JSON that names its provider", $$"""{"provider":"Hetzner","token":"{{Value}}"}""" },
        };

    public static TheoryData<string, string, CredentialFault> UnreadableTexts =>
        new()
        {
            { "empty", "", CredentialFault.SecretUnreadable },
            { "blank", " \n", CredentialFault.SecretUnreadable },
            { "two words", "a b", CredentialFault.SecretUnreadable },
            { "a line in the middle", "a\nb", CredentialFault.SecretUnreadable },
            { "no ASCII", "tökén", CredentialFault.SecretUnreadable },
            { "broken JSON object", "{\"token\": ", CredentialFault.SecretUnreadable },
            { "broken JSON text", "\"abc", CredentialFault.SecretUnreadable },
            { "JSON number inside", """{"token": 7}""", CredentialFault.SecretUnreadable },
            { "JSON object inside", """{"token": {"value": "x"}}""", CredentialFault.SecretUnreadable },
            { "JSON null inside", """{"token": null}""", CredentialFault.SecretUnreadable },
            { "JSON empty inside", """{"token": ""}""", CredentialFault.SecretUnreadable },
            { "JSON without a known name", """{"secret": "x"}""", CredentialFault.SecretUnreadable },
            { "JSON list", "[1]", CredentialFault.SecretUnreadable },
            { "another provider by its own word", """{"provider": "scaleway", "token": "x"}""", CredentialFault.WrongProvider },
            { "another provider by its sign", "sk-ant-api03-x", CredentialFault.WrongProvider },
            { "a login file", """{"tokens": {"access_token": "x"}}""", CredentialFault.WrongProvider },
        };

    [Theory, MemberData(nameof(ReadableTexts))]
    public void A_value_is_read_in_every_form_that_people_give_it(string form, string text)
    {
        var found = Assert.IsType<Resolution.Found>(Entry("hetzner", text));

        Assert.Equal((form, Value, CredentialForm.CloudProvider), (form, found.Credential.Reveal(), found.Credential.Form));
    }

    [Theory, MemberData(nameof(UnreadableTexts))]
    public void What_cannot_be_read_halts_and_says_why_without_the_value(string form, string text, CredentialFault fault)
    {
        var halted = Assert.IsType<Resolution.Halted>(Entry("hetzner", text));

        Assert.Equal((form, fault), (form, halted.Fault));
        Assert.Contains("Secret s", halted.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_unreadable()
    {
        var entry = new CredentialEntry("hetzner", "s", "token", new SecretContent("s", Data(("token", [0xC3, 0x28]))));

        Assert.Equal(CredentialFault.SecretUnreadable, Halted(Question("hetzner", entry)).Fault);
    }

    [Fact]
    public void No_message_and_no_text_of_any_object_holds_what_the_Secret_holds()
    {
        var marked = Gen.Char['a', 'z'].Array[12].Select(letters => new string(letters));
        var around = OneOf(
            "{0}",
            "\"{0}\"",
            "{{\"token\":\"{0}\"}}",
            "{{\"x\":\"{0}\"}}",
            "{0} {0}",
            "{{{0}",
            "[\"{0}\"]",
            "ghp_{0}",
            ""
        );
        Gen.Select(marked, around, OneOf("hetzner", "github", "anthropic", "unheard-of"))
            .Sample(
                (mark, form, consumer) =>
                {
                    var text = form.Replace("{{", "{", StringComparison.Ordinal).Replace("{0}", mark, StringComparison.Ordinal);
                    var resolution = Entry(consumer, text);
                    var shown = ShownCredential.Of(consumer, resolution);
                    return !resolution.ToString().Contains(mark, StringComparison.Ordinal)
                        && !shown.ToString().Contains(mark, StringComparison.Ordinal);
                }
            );
    }

    [Fact]
    public void Only_what_is_absent_lets_the_next_layer_be_asked()
    {
        var good = Labelled("good", Value);
        var open = new PlatformLayer.Open([Labelled("platform", "of-the-platform")]);

        Assert.Equal(CredentialLayer.Namespace, Found(new CredentialQuestion("hetzner", null, [good], open)).Layer);
        Assert.Equal("of-the-platform", Found(new CredentialQuestion("hetzner", null, [], open)).Credential.Reveal());
        foreach (
            var broken in (SecretContent[])[good with { IsEnabled = false }, Labelled("bad", ""), good with { Refusal = "403" }]
        )
            Assert.Equal(CredentialLayer.Namespace, Halted(new CredentialQuestion("hetzner", null, [broken], open)).Layer);
        var missing = new CredentialEntry("hetzner", "s", "token", null);
        Assert.Equal(CredentialFault.SecretNotFound, Halted(new CredentialQuestion("hetzner", missing, [good], open)).Fault);
        Assert.Equal(
            CredentialFault.CredentialInactive,
            Halted(new CredentialQuestion("hetzner", missing with { IsEnabled = false, Secret = good }, [good], open)).Fault
        );
    }

    [Fact]
    public void A_tombstone_halts_its_layer_whatever_lies_beside_it()
    {
        var beside = new[] { Labelled("a", Value), Labelled("b", Value) with { IsEnabled = false } };

        var halted = Halted(new CredentialQuestion("hetzner", null, beside, new PlatformLayer.Open([])));

        Assert.Equal(("b", CredentialFault.CredentialInactive), (halted.SecretName, halted.Fault));
    }

    [Fact]
    public void Of_two_labelled_Secrets_the_name_decides_whatever_the_order()
    {
        var (a, b) = (Labelled("a", "first"), Labelled("b", "second"));

        foreach (
            var order in (SecretContent[][])
                [
                    [a, b],
                    [b, a],
                ]
        )
            Assert.Equal(
                "first",
                Found(new CredentialQuestion("hetzner", null, order, new PlatformLayer.Open([]))).Credential.Reveal()
            );
    }

    [Fact]
    public void A_label_for_another_consumer_makes_an_entry_the_wrong_one()
    {
        var entry = new CredentialEntry("hetzner", "s", "token", Labelled("s", Value) with { LabelledFor = "anthropic" });

        Assert.Equal(CredentialFault.WrongProvider, Halted(Question("hetzner", entry)).Fault);
    }

    public static TheoryData<string, string> KeyForms
    {
        get
        {
            using var rsa = RSA.Create(2048);
            var (pkcs1, pkcs8) = (rsa.ExportRSAPrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem());
            return new()
            {
                { "PKCS#1", pkcs1 },
                { "PKCS#8", pkcs8 },
                { "with line breaks after it", pkcs1 + "\n\n" },
                { "with Windows line breaks", pkcs8.ReplaceLineEndings("\r\n") },
                { "base64 of PKCS#1", Convert.ToBase64String(Encoding.UTF8.GetBytes(pkcs1)) },
                { "with line breaks written out", pkcs1.ReplaceLineEndings("\\n") },
                { "a JSON text", JsonSerializer.Serialize(pkcs1) },
                { "a JSON object", JsonSerializer.Serialize(new { privateKey = pkcs8 }) },
                { "base64 of PKCS#8 with a line break", Convert.ToBase64String(Encoding.UTF8.GetBytes(pkcs8)) + "\n" },
            };
        }
    }

    [Theory, MemberData(nameof(KeyForms))]
    public void The_key_of_an_App_is_read_in_every_form_that_GitHub_and_people_give_it(string form, string key)
    {
        var found = Found(App(("appId", "12345\n"), ("privateKey", key)));

        Assert.Equal((form, CredentialForm.GitHubApp, "12345"), (form, found.Credential.Form, found.Credential.AppId));
        using var rsa = RSA.Create();
        rsa.ImportFromPem(found.Credential.Reveal());
    }

    [Fact]
    public void What_is_no_App_is_refused_by_the_part_that_is_wrong()
    {
        using var rsa = RSA.Create(2048);
        // What GitHub would refuse is refused here, so that nothing is shown as found that cannot be used.
        using var small = RSA.Create(1024);
        var key = rsa.ExportRSAPrivateKeyPem();
        string[] unusable =
        [
            "",
            "secret",
            rsa.ExportRSAPublicKeyPem(),
            key[..200],
            """{"privateKey": "x"}""",
            small.ExportRSAPrivateKeyPem(),
        ];

        Assert.Equal(CredentialFault.SecretNotFound, Halted(App(("privateKey", key))).Fault);
        Assert.Equal(CredentialFault.SecretNotFound, Halted(App(("appId", "1"))).Fault);
        Assert.Contains("appId", Halted(App(("appId", "my-app"), ("privateKey", key))).Why, StringComparison.Ordinal);
        foreach (var wrong in unusable)
        {
            var halted = Halted(App(("appId", "1"), ("privateKey", wrong)));
            Assert.Equal(CredentialFault.SecretUnreadable, halted.Fault);
            Assert.Contains("privateKey", halted.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_key_for_an_address_of_the_users_own_goes_only_there_and_only_by_https()
    {
        var found = Assert.IsType<Resolution.Found>(
            Entry("openai", """{"apiKey": "ghp_looks_odd", "baseUrl": "https://models.test/v1"}""")
        );
        Assert.Equal((CredentialForm.OpenAICompatible, "models.test"), (found.Credential.Form, found.Credential.BaseUrl!.Host));

        foreach (var address in (string[])["http://models.test", "https://user:word@models.test", "ftp://models.test"])
            Assert.Equal(
                CredentialFault.InsecureUpstream,
                Assert.IsType<Resolution.Halted>(Entry("openai", $$"""{"apiKey": "k", "baseUrl": "{{address}}"}""")).Fault
            );
    }

    [Fact]
    public void The_words_of_the_API_and_of_the_rules_are_the_same()
    {
        Assert.Equal(Enum.GetNames<CredentialForm>(), Enum.GetNames<CredentialKind>());
    }

    private static Resolution Entry(string consumer, string text) =>
        CredentialResolver.Resolve(
            Question(
                consumer,
                new CredentialEntry(consumer, "s", "token", new SecretContent("s", Data(("token", Encoding.UTF8.GetBytes(text)))))
            )
        );

    private static CredentialQuestion Question(string consumer, CredentialEntry entry) =>
        new(consumer, entry, [], new PlatformLayer.Open([]));

    private static CredentialQuestion App(params (string Key, string Value)[] data) =>
        Question(
            "github",
            new CredentialEntry(
                "github",
                "s",
                "privateKey",
                new SecretContent("s", Data([.. data.Select(pair => (pair.Key, Encoding.UTF8.GetBytes(pair.Value)))]))
            )
        );

    private static SecretContent Labelled(string name, string value) =>
        new(name, Data(("token", Encoding.UTF8.GetBytes(value)))) { LabelledFor = "hetzner" };

    private static Dictionary<string, byte[]> Data(params (string Key, byte[] Value)[] data) =>
        data.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    private static Resolution.Found Found(CredentialQuestion question) =>
        Assert.IsType<Resolution.Found>(CredentialResolver.Resolve(question));

    private static Resolution.Halted Halted(CredentialQuestion question) =>
        Assert.IsType<Resolution.Halted>(CredentialResolver.Resolve(question));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
