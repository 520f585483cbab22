namespace Sam.Integration.Tests.DevCluster;

/// <summary>Roles decide what users may do.</summary>
public sealed class RoleTests : DevClusterTest
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    private static readonly (string, string) Jane = ("Impersonate-User", "jane");

    [Fact]
    public async Task A_rule_with_names_allows_those_names_only()
    {
        await GrantAsync("jane", "[{apiGroups: [''], resources: [configmaps], verbs: [get], resourceNames: [hers]}]");

        var hers = await Api.GetAsync($"{ConfigMaps}/hers", headers: Jane);
        var other = await Api.GetAsync($"{ConfigMaps}/other", headers: Jane);

        Assert.Equal(404, hers.Status);
        Assert.Equal(403, other.Status);
        Assert.Equal(
            "configmaps \"other\" is forbidden: User \"jane\" cannot get resource \"configmaps\" in API group \"\" in the namespace \"default\"",
            other.Message
        );
    }

    [Fact]
    public async Task A_subresource_needs_a_rule_of_its_own()
    {
        await GrantAsync("jane", "[{apiGroups: [''], resources: [namespaces, serviceaccounts], verbs: ['*']}]");

        var token = await Api.PostAsync(
            "/api/v1/namespaces/default/serviceaccounts/default/token",
            "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {}}",
            headers: Jane
        );

        Assert.Equal(403, token.Status);
        Assert.Contains("cannot create resource \"serviceaccounts/token\"", token.Message);
    }

    [Fact]
    public async Task The_role_edit_takes_up_rules_of_a_role_with_its_label()
    {
        await CreateAsync(
            $"{Rbac}/clusterroles",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: gadgets, labels: {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}, rules: [{apiGroups: [toys.example.com], resources: [gadgets], verbs: [create]}]}"
        );
        await CreateAsync(
            $"{Rbac}/namespaces/default/rolebindings",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: edit}, subjects: [{kind: User, name: jane}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}}"
        );

        await Api.UntilAsync(
            $"{Rbac}/clusterroles/admin",
            answer => answer.Body!.ToJsonString().Contains("toys.example.com", StringComparison.Ordinal)
        );

        Assert.True(await MayAsync("jane", "{verb: create, group: toys.example.com, resource: gadgets, namespace: default}"));
        Assert.True(await MayAsync("jane", "{verb: get, group: apps, resource: deployments, namespace: default}"));
        Assert.False(await MayAsync("jane", "{verb: get, group: apps, resource: deployments, namespace: kube-system}"));
        Assert.False(
            await MayAsync("jane", "{verb: create, group: rbac.authorization.k8s.io, resource: roles, namespace: default}")
        );
    }

    [Fact]
    public async Task Nobody_grants_what_they_do_not_hold_unless_they_may_bind()
    {
        await GrantAsync(
            "jane",
            "[{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}, {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [view]}]"
        );
        string Binding(string role) =>
            $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{name: {role}}}, subjects: [{{kind: User, name: joe}}], roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}}}";

        var view = await Api.PostAsync($"{Rbac}/namespaces/default/rolebindings", Binding("view"), headers: Jane);
        var edit = await Api.PostAsync($"{Rbac}/namespaces/default/rolebindings", Binding("edit"), headers: Jane);

        Assert.Equal(201, view.Status);
        Assert.Equal(403, edit.Status);
        Assert.Contains("is attempting to grant RBAC permissions not currently held", edit.Message);
    }

    [Fact]
    public async Task Whoever_applies_what_is_not_there_must_be_allowed_to_create_it()
    {
        await GrantAsync("jane", "[{apiGroups: [''], resources: [configmaps], verbs: [patch]}]");

        var refused = await Api.SendAsync(
            HttpMethod.Patch,
            $"{ConfigMaps}/a?fieldManager=jane",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
            media: "application/apply-patch+yaml",
            headers: Jane
        );

        Assert.Equal(403, refused.Status);
        Assert.Contains("cannot create resource \"configmaps\"", refused.Message);
    }

    [Fact]
    public async Task A_binding_to_a_missing_role_is_named_in_the_refusal()
    {
        await CreateAsync(
            $"{Rbac}/namespaces/default/rolebindings",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: lost}, subjects: [{kind: User, name: jane}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: lost}}"
        );

        var refusal = await Api.GetAsync(ConfigMaps, headers: Jane);

        Assert.EndsWith("in the namespace \"default\": RBAC: role.rbac.authorization.k8s.io \"lost\" not found", refusal.Message);
    }

    [Fact]
    public async Task Impersonation_needs_the_verb_for_each_name()
    {
        await CreateAsync(
            $"{Rbac}/clusterroles",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: actor}, rules: [{apiGroups: [''], resources: [users], verbs: [impersonate], resourceNames: [joe]}]}"
        );
        await CreateAsync(
            $"{Rbac}/clusterrolebindings",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: actor}, subjects: [{kind: ServiceAccount, name: default, namespace: default}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: actor}}"
        );
        await Api.UntilAsync("/api/v1/namespaces/default/serviceaccounts/default", answer => answer.Status == 200);
        var token = await Api.TokenAsync("default", "default");

        var joe = await Api.GetAsync("/api", token, ("Impersonate-User", "joe"));
        var jane = await Api.GetAsync("/api", token, Jane);
        var group = await Api.GetAsync("/api", token, ("Impersonate-User", "joe"), ("Impersonate-Group", "staff"));

        Assert.Equal(200, joe.Status);
        Assert.Equal(
            "users \"jane\" is forbidden: User \"system:serviceaccount:default:default\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope",
            jane.Message
        );
        Assert.Contains("groups \"staff\" is forbidden", group.Message);
    }

    [Fact]
    public async Task Anybody_reads_the_version_and_nobody_unknown_reads_more()
    {
        var version = await Api.GetAsync("/version", "");
        var discovery = await Api.GetAsync("/apis", "");

        Assert.Equal(200, version.Status);
        Assert.Equal("forbidden: User \"system:anonymous\" cannot get path \"/apis\"", discovery.Message);
    }

    private async Task<bool> MayAsync(string user, string attributes)
    {
        var answer = await Api.PostAsync(
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            $"{{apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview, spec: {{user: {user}, resourceAttributes: {attributes}}}}}"
        );
        return answer.Text("status", "allowed") == "true";
    }
}
