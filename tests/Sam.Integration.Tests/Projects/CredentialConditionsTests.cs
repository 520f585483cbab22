using System.Net;
using System.Text;
using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Integration.Tests.Projects;

/// <summary>What is wrong with a credential is said by a typed reason, harms one consumer, and heals by itself once the cause is gone.</summary>
public sealed class CredentialConditionsTests(SharedCluster shared) : OperatorTest(shared)
{
    public static TheoryData<string, string?, string> BrokenEntries =>
        new()
        {
            { nameof(CredentialsResolved.SecretNotFound), null, "does not exist" },
            { nameof(CredentialsResolved.SecretUnreadable), "{\"token\": [1]}", "is no text" },
            { nameof(CredentialsResolved.SecretUnreadable), "two words", "one word" },
            { nameof(CredentialsResolved.WrongProvider), "ghp_0123456789", "a value of github" },
            {
                nameof(CredentialsResolved.InsecureUpstream),
                "{\"apiKey\": \"k\", \"baseUrl\": \"http://models.test/v1\"}",
                "not https"
            },
        };

    [Theory, MemberData(nameof(BrokenEntries))]
    public async Task One_bad_Secret_harms_one_consumer_and_heals_once_it_is_good(string reason, string? value, string said)
    {
        if (value is not null)
            await Kube.CreateAsync(A.Secret("model", ("token", value)), Cancel);
        await Kube.CreateAsync(A.Project().With(WithModel), Cancel);
        await Kube.CreateAsync(A.Node(), Cancel);

        var project = await Expect.ConditionAsync<Project>("acme", "CredentialsResolved", "False", reason, Cancel);
        Assert.Contains(said, Expect.Find(project, "CredentialsResolved")!.Message, StringComparison.Ordinal);
        Assert.Equal(reason, Expect.Find(project, "Stalled")?.Reason);
        var hetzner = project.Status.Credentials.Single(shown => shown.Consumer == "hetzner");
        Assert.Equal(CredentialSource.Project, hetzner.Source);
        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);

        if (value is null)
            await Kube.CreateAsync(A.Secret("model", ("token", "sk-good")), Cancel);
        else
            await Kube.EditAsync<V1Secret>("model", secret => secret.Data["token"] = Encoding.UTF8.GetBytes("sk-good"), Cancel);
        await Expect.ReadyAsync<Project>("acme", Cancel);
        await Expect.ReasonAsync<Project>("acme", CredentialsResolved.Resolved, Cancel);
    }

    [Fact]
    public async Task A_disabled_entry_halts_its_consumer_and_touches_no_provider()
    {
        await Kube.CreateAsync(A.Secret("other", ("token", HetznerSimulatorOptions.DefaultToken)).With(ForHetzner), Cancel);
        await Kube.CreateAsync(A.Project().With(project => project.Spec.Credentials[0].Enabled = false), Cancel);

        await Expect.ReasonAsync<Project>("acme", CredentialsResolved.CredentialInactive, Cancel);

        Assert.Empty(Hetzner.Calls());
    }

    [Fact]
    public async Task A_refused_key_is_a_warning_and_holds_nothing_up()
    {
        await Kube.CreateAsync(A.Secret("model", ("token", "sk-bad")), Cancel);
        Host.Models.Bad.Add("sk-bad");
        await Kube.CreateAsync(A.Project().With(WithModel), Cancel);

        var project = await Expect.ReasonAsync<Project>("acme", CredentialsValid.CredentialRefused, Cancel);
        Assert.Contains("openai refuses it", Expect.Find(project, "CredentialsValid")!.Message, StringComparison.Ordinal);
        await Expect.ReadyAsync<Project>("acme", Cancel);

        await Kube.EditAsync<V1Secret>("model", secret => secret.Data["token"] = Encoding.UTF8.GetBytes("sk-good"), Cancel);
        await Expect.ReasonAsync<Project>("acme", CredentialsValid.Accepted, Cancel);
    }

    [Fact]
    public async Task A_refused_provider_token_is_known_before_any_VM_is_asked_for()
    {
        await Kube.EditAsync<V1Secret>(
            A.TokenSecret,
            secret => secret.Data["token"] = Encoding.UTF8.GetBytes(new string('x', 64)),
            Cancel
        );
        await Kube.CreateAsync(A.Project(), Cancel);

        await Expect.ReasonAsync<Project>("acme", CredentialsValid.CredentialRefused, Cancel);

        Assert.Empty(await Kube.ListAsync<Machine>(Cancel));
    }

    [Fact]
    public async Task Nothing_waits_for_a_provider_that_takes_its_time()
    {
        var answer = new TaskCompletionSource();
        Host.Models.Until = answer.Task;
        await Kube.CreateAsync(A.Secret("model", ("token", "sk-good")), Cancel);
        await Kube.CreateAsync(A.Project().With(WithModel), Cancel);

        await Expect.ReasonAsync<Project>("acme", CredentialsValid.Probing, Cancel);
        await Expect.ReadyAsync<Project>("acme", Cancel);
        answer.SetResult();

        await Expect.ReasonAsync<Project>("acme", CredentialsValid.Accepted, Cancel);
    }

    [Fact]
    public async Task A_silent_provider_says_nothing_about_a_key()
    {
        Host.Models.Instead = HttpStatusCode.ServiceUnavailable;
        await Kube.CreateAsync(A.Secret("model", ("token", "sk-good")), Cancel);
        await Kube.CreateAsync(A.Project().With(WithModel), Cancel);

        await Expect.ReasonAsync<Project>("acme", CredentialsValid.ProbeUnanswered, Cancel);

        await Expect.ReadyAsync<Project>("acme", Cancel);
    }

    [Fact]
    public async Task A_key_is_tried_once_for_each_value_however_often_the_Project_is_looked_at()
    {
        await Kube.CreateAsync(A.Secret("model", ("token", "sk-good")), Cancel);
        await Kube.CreateAsync(A.Project().With(WithModel), Cancel);
        await Kube.CreateAsync(A.Project("second").With(WithModel), Cancel);
        await Expect.ReasonAsync<Project>("acme", CredentialsValid.Accepted, Cancel);
        await Expect.ReasonAsync<Project>("second", CredentialsValid.Accepted, Cancel);
        var before = Host.Models.Asked.Count;

        await Kube.EditAsync<Project>("acme", project => project.Spec.Limits.Machines = 3, Cancel);
        await Kube.EditAsync<V1Secret>("model", secret => secret.Data["note"] = [1], Cancel);
        var seen = await Kube.GetAsync<Project>("acme", Cancel);
        await Expect.ThatAsync<Project>(
            "acme",
            project => project.Status.ObservedGeneration == seen.Metadata.Generation,
            "looked at again",
            Cancel
        );

        Assert.Equal(before, Host.Models.Asked.Count);
        Assert.Equal(1, before);
    }

    [Fact]
    public async Task A_Project_without_anything_is_ready_and_has_nothing_to_try()
    {
        await Kube.DeleteAsync<V1Secret>(A.TokenSecret, Cancel);
        await Kube.CreateAsync(A.Project().With(project => (project.Spec.Cloud, project.Spec.Credentials) = (null, [])), Cancel);

        await Expect.ReasonAsync<Project>("acme", CredentialsValid.NothingToProbe, Cancel);
        await Expect.ReadyAsync<Project>("acme", Cancel);
    }

    [Fact]
    public async Task A_label_that_is_taken_away_takes_the_credential_away()
    {
        await Kube.DeleteAsync<V1Secret>(A.TokenSecret, Cancel);
        await Kube.CreateAsync(A.Secret("layer", ("token", HetznerSimulatorOptions.DefaultToken)).With(ForHetzner), Cancel);
        await Kube.CreateAsync(A.Project().With(project => project.Spec.Credentials = []), Cancel);
        await Expect.ReasonAsync<Project>("acme", CredentialsResolved.Resolved, Cancel);

        await Kube.EditAsync<V1Secret>("layer", secret => secret.Metadata.Labels.Clear(), Cancel);

        await Expect.ReasonAsync<Project>("acme", CredentialsResolved.SomeUnresolved, Cancel);
    }

    private static void WithModel(Project project) =>
        project.Spec.Credentials.Add(
            new ProjectCredential
            {
                Consumer = "openai",
                SecretRef = new SecretKeyReference { Name = "model" },
            }
        );

    private static void ForHetzner(V1Secret secret) =>
        secret.Metadata.Labels = new Dictionary<string, string> { [Names.Labels.Credential] = "hetzner" };
}
