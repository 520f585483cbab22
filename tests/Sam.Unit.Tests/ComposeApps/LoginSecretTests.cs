using System.Text;
using k8s.Models;
using Sam.Operator.Controllers.ComposeApps.Logins;

namespace Sam.Unit.Tests.ComposeApps;

/// <summary>Logins of routes, as they are read from a Secret.</summary>
public sealed class LoginSecretTests
{
    private const string Hash = "$2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe";

    [Fact]
    public void A_name_and_a_password_are_one_account_whose_hash_opens_for_that_password_only()
    {
        var (accounts, fault) = LoginSecret.Read(Secret(("username", "ann"), ("password", "correct horse")));

        Assert.Null(fault);
        var account = Assert.Single(accounts);
        Assert.Equal("ann", account.Username);
        Assert.True(BCrypt.Net.BCrypt.Verify("correct horse", account.Hash));
        Assert.False(BCrypt.Net.BCrypt.Verify("correct horsf", account.Hash));
    }

    [Fact]
    public void The_same_login_has_the_same_hash_however_often_its_Secret_is_touched_and_another_name_another_salt()
    {
        var first = Read("1", "ann");

        Assert.Equal(first, Read("2", "ann"));
        Assert.NotEqual(first[..29], Read("1", "bob")[..29]);

        static string Read(string version, string user) =>
            LoginSecret.Read(Secret(version, ("username", user), ("password", "pass"))).Accounts[0].Hash;
    }

    [Fact]
    public void Lines_of_htpasswd_are_taken_as_they_are()
    {
        var (accounts, fault) = LoginSecret.Read(Secret(("auth", $"# team\nann:{Hash}\n\nbob:{Hash}\r\n")));

        Assert.Null(fault);
        Assert.Equal([("ann", Hash), ("bob", Hash)], accounts.Select(account => (account.Username, account.Hash)));
    }

    public static TheoryData<string, string, string> Faults() =>
        new()
        {
            { "other", "x", "Secret login has neither username and password nor auth; add them" },
            { "auth", "", "Secret login, key auth holds no login; add lines as htpasswd -B writes them" },
            {
                "auth",
                "ann:$apr1$x$y",
                "Secret login, key auth, line 1: only bcrypt hashes are taken; write the line with htpasswd -B"
            },
            {
                "auth",
                $"a:{Hash}\nb",
                "Secret login, key auth, line 2: only bcrypt hashes are taken; write the line with htpasswd -B"
            },
            { "auth", $"a:{Hash}\na:{Hash}", "Secret login, key auth, line 2: a name is used twice; keep one of them" },
            { "auth", "{env.HOME}:" + Hash, "Secret login, key auth, line 1: a name has no colon, brace or control character" },
            {
                "auth",
                "a:" + Hash.Replace("$05$", "$31$", StringComparison.Ordinal),
                "Secret login, key auth, line 1: a bcrypt hash of cost 4 to 14 is taken; write the line with htpasswd -B -C 10"
            },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_names_the_key_and_the_way_out_and_quotes_no_value(string key, string value, string expected)
    {
        var (accounts, fault) = LoginSecret.Read(Secret((key, value)));

        Assert.Empty(accounts);
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("ann:x", "p", "username")]
    [InlineData("", "p", "username")]
    [InlineData("ann", "", "password")]
    [InlineData("ann", "a\0b", "password")]
    public void A_name_or_password_that_would_be_read_otherwise_is_refused(string user, string password, string key) =>
        Assert.StartsWith(
            $"Secret login, key {key}:",
            LoginSecret.Read(Secret(("username", user), ("password", password))).Fault,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(72, true)]
    [InlineData(73, false)]
    public void A_password_that_bcrypt_would_cut_off_is_refused(int length, bool isTaken) =>
        Assert.Equal(isTaken, LoginSecret.Read(Secret(("username", "ann"), ("password", new string('x', length)))).Fault is null);

    private static V1Secret Secret(params (string Key, string Value)[] data) => Secret("7", data);

    private static V1Secret Secret(string version, params (string Key, string Value)[] data) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = "login",
                Uid = "0a1b2c3d",
                ResourceVersion = version,
            },
            Data = data.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value), StringComparer.Ordinal),
        };
}
