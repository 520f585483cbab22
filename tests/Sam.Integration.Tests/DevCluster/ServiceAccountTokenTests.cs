using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>Tokens of service accounts.</summary>
public sealed class ServiceAccountTokenTests : DevClusterTest
{
    private const string Accounts = "/api/v1/namespaces/default/serviceaccounts";

    [Fact]
    public async Task A_token_names_its_account_and_is_signed_with_the_published_key()
    {
        await CreateAsync(Accounts, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}");

        var token = await Api.TokenAsync("default", "robot");

        var parts = token.Split('.');
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        Assert.Equal("system:serviceaccount:default:robot", claims["sub"]!.ToString());
        Assert.Equal("robot", claims["kubernetes.io"]!["serviceaccount"]!["name"]!.ToString());
        var discovery = await Api.GetAsync("/.well-known/openid-configuration");
        Assert.Equal(claims["iss"]!.ToString(), discovery.Text("issuer"));
        var keys = await Api.GetAsync(new Uri(discovery.Text("jwks_uri")).AbsolutePath);
        Assert.True(IsSignedBy(parts, keys.Body!["keys"]![0]!));
    }

    [Fact]
    public async Task A_token_ends_with_the_secret_it_is_bound_to()
    {
        await CreateAsync(Accounts, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}");
        await CreateAsync("/api/v1/namespaces/default/secrets", "{apiVersion: v1, kind: Secret, metadata: {name: leash}}");
        var request = await Api.PostAsync(
            $"{Accounts}/robot/token",
            "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {boundObjectRef: {apiVersion: v1, kind: Secret, name: leash}}}"
        );
        var token = request.Text("status", "token");
        Assert.Equal(200, (await Api.GetAsync("/api", token)).Status);

        await Api.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/default/secrets/leash", null);

        Assert.Equal(401, (await Api.GetAsync("/api", token)).Status);
    }

    [Fact]
    public async Task A_token_ends_with_its_account_even_if_one_of_the_same_name_follows()
    {
        await CreateAsync(Accounts, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}");
        var token = await Api.TokenAsync("default", "robot");
        await Api.SendAsync(HttpMethod.Delete, $"{Accounts}/robot", null);
        await CreateAsync(Accounts, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}");

        Assert.Equal(401, (await Api.GetAsync("/api", token)).Status);
    }

    [Fact]
    public async Task A_token_for_somebody_else_is_refused_here_and_accepted_by_a_review_for_them()
    {
        await CreateAsync(Accounts, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}");
        var request = await Api.PostAsync(
            $"{Accounts}/robot/token",
            "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {audiences: [vault]}}"
        );
        var token = request.Text("status", "token");

        var review = await Api.PostAsync(
            "/apis/authentication.k8s.io/v1/tokenreviews",
            $"{{apiVersion: authentication.k8s.io/v1, kind: TokenReview, spec: {{token: {token}, audiences: [vault, other]}}}}"
        );

        Assert.Equal(401, (await Api.GetAsync("/api", token)).Status);
        Assert.Equal("true", review.Text("status", "authenticated"));
        Assert.Equal("[\"vault\"]", review.At("status", "audiences")!.ToJsonString());
    }

    [Fact]
    public async Task A_secret_of_the_token_type_is_filled_in()
    {
        await CreateAsync(Accounts, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}");

        await CreateAsync(
            "/api/v1/namespaces/default/secrets",
            "{apiVersion: v1, kind: Secret, metadata: {name: old, annotations: {kubernetes.io/service-account.name: robot}}, type: kubernetes.io/service-account-token}"
        );

        var secret = await Api.UntilAsync(
            "/api/v1/namespaces/default/secrets/old",
            answer => answer.At("data", "token") is not null
        );
        var token = Encoding.ASCII.GetString(Convert.FromBase64String(secret.Text("data", "token")));
        var who = await Api.PostAsync(
            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            "{apiVersion: authentication.k8s.io/v1, kind: SelfSubjectReview}",
            token
        );
        Assert.Equal("system:serviceaccount:default:robot", who.Text("status", "userInfo", "username"));
    }

    [Fact]
    public async Task A_new_namespace_gets_an_account_and_the_authority()
    {
        await CreateAsync("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: room}}");

        await Api.UntilAsync("/api/v1/namespaces/room/serviceaccounts/default", answer => answer.Status == 200);
        var authority = await Api.UntilAsync(
            "/api/v1/namespaces/room/configmaps/kube-root-ca.crt",
            answer => answer.Status == 200
        );

        Assert.Equal(Server.AuthorityPem, authority.Text("data", "ca.crt"));
    }

    private static bool IsSignedBy(string[] parts, JsonNode key)
    {
        using var known = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint
                {
                    X = Base64Url.DecodeFromChars(key["x"]!.ToString()),
                    Y = Base64Url.DecodeFromChars(key["y"]!.ToString()),
                },
            }
        );
        return known.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
            Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256
        );
    }
}
