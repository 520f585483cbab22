using Sam.Integration.Tests.Kit;

namespace Sam.Integration.Tests.Contract.Cases;

/// <summary>How SAM's definitions refuse what they do not allow; the operator and its users read these answers.</summary>
public sealed class RefusalCases(SharedCluster shared) : CaseTest(shared)
{
    [Theory]
    [InlineData(
        "\"machineId\":\"mnopqrstuvwx\"",
        "spec.machineId",
        "machineId cannot change; it is the VM's identity; delete the Machine instead"
    )]
    [InlineData("\"role\":\"Workspace\"", "spec.role", "role cannot change; delete the Machine instead")]
    [InlineData(
        "\"projectRef\":{\"name\":\"other\"}",
        "spec.projectRef",
        "projectRef cannot change; its credential bought the server; delete the Machine instead"
    )]
    [InlineData(
        "\"projectRef\":null",
        "spec",
        "projectRef cannot be set or removed later; its credential bought the server; delete the Machine instead"
    )]
    public async Task What_a_machine_is_cannot_change(string change, string field, string message)
    {
        await MadeAsync(Machines, MachineOf("one", ",\"projectRef\":{\"name\":\"shop\"}"));

        var refused = await PatchAsync($"{Machines}/one", $$$"""{"spec":{{{{change}}}}}""");

        Assert.Equal((422, "Invalid"), (refused.Code, refused["reason"]));
        var cause = Assert.Single(refused.Of("details.causes", "field").Zip(refused.Of("details.causes", "message")));
        Assert.Equal("FieldValueInvalid", refused["details.causes.0.reason"]);
        Assert.Equal(field, cause.First);
        Assert.EndsWith($": {message}", cause.Second, StringComparison.Ordinal);
        Assert.StartsWith($"Machine.sam.dev \"one\" is invalid: {field}: Invalid value: ", refused["message"]);
    }

    [Theory]
    [InlineData("\"drainTime\":\"1s\"", "spec", "set exactly one of compose and composeFrom")]
    [InlineData("\"compose\":\"a\",\"composeFrom\":{\"configMapKeyRef\":{\"name\":\"a\"}}", "spec", "set exactly one of")]
    [InlineData("\"compose\":\"\"", "spec.compose", "spec.compose in body should be at least 1 chars long")]
    [InlineData("\"compose\":\"a\",\"drainTime\":\"soon\"", "spec.drainTime", "spec.drainTime in body should match '")]
    [InlineData("\"compose\":\"a\",\"deletionPolicy\":\"Keep\"", "spec.deletionPolicy", "\"Delete\", \"Retain\"")]
    public async Task An_app_names_the_field_that_is_wrong(string spec, string field, string message)
    {
        var refused = await PostAsync(Apps, App("one", spec));

        Assert.Equal((422, "Invalid"), (refused.Code, refused["reason"]));
        Assert.Equal(("ComposeApp", "sam.dev"), (refused["details.kind"], refused["details.group"]));
        var index = refused.Of("details.causes", "field").ToList().IndexOf(field);
        Assert.True(index >= 0, refused["message"]);
        Assert.Contains(message, refused[$"details.causes.{index}.message"]);
    }

    [Fact]
    public async Task A_missing_spec_and_a_wrong_type_are_told_apart()
    {
        var missing = await PostAsync(
            Apps,
            """{"apiVersion":"sam.dev/v1alpha1","kind":"ComposeApp","metadata":{"name":"one"}}"""
        );
        var wrong = await PostAsync(Apps, App("one", "\"compose\":7"));

        Assert.Equal((422, "FieldValueRequired"), (missing.Code, missing["details.causes.0.reason"]));
        Assert.Contains("FieldValueTypeInvalid", wrong.Of("details.causes", "reason"));
    }

    [Fact]
    public async Task A_list_with_keys_refuses_the_same_key_twice()
    {
        const string twice = "\"compose\":\"a\",\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"A\",\"value\":\"2\"}]";

        var refused = await PostAsync(Apps, App("one", twice));

        Assert.Equal((422, "FieldValueDuplicate"), (refused.Code, refused["details.causes.0.reason"]));
        Assert.Equal("spec.env[1]", refused["details.causes.0.field"]);
    }

    [Theory]
    [InlineData("composeapps", "none", "composeapps.sam.dev \"none\" not found")]
    [InlineData("machines", "none", "machines.sam.dev \"none\" not found")]
    public async Task What_is_not_there_is_named(string plural, string name, string message)
    {
        var missing = await GetAsync($"{Sam(plural)}/{name}");

        Assert.Equal((404, "NotFound", message), (missing.Code, missing["reason"], missing["message"]));
    }
}
