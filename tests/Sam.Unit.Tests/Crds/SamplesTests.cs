using k8s;
using k8s.Models;
using Sam.Crds.Generator;
using Sam.Crds.Generator.Checks;
using Sam.Crds.V1Alpha1;

namespace Sam.Unit.Tests.Crds;

public sealed class SamplesTests
{
    public static TheoryData<string> Samples => CrdFiles.SampleNames;

    [Theory, MemberData(nameof(Samples))]
    public void A_server_with_strict_validation_takes_it(string name)
    {
        var kinds = Generation.Schemas(typeof(Machine).Assembly).ToDictionary(pair => pair.Kind.Name);

        var problems = CrdFiles
            .Documents(Path.Combine(CrdFiles.Samples.FullName, name))
            .Where(document => document["apiVersion"]!.GetValue<string>() == Sam.Crds.Names.ApiVersion)
            .SelectMany(document =>
            {
                var kind = document["kind"]!.GetValue<string>();
                return ValueCheck.Problems(kinds[kind].Schema, document, kind);
            });

        Assert.Empty(problems);
    }

    [Theory, MemberData(nameof(Samples))]
    public void It_reads_into_the_types(string name)
    {
        var kinds = Generation.Schemas(typeof(Machine).Assembly).ToDictionary(pair => pair.Kind.Name, pair => pair.Kind.Type);

        var objects = CrdFiles
            .Documents(Path.Combine(CrdFiles.Samples.FullName, name))
            .Where(document => kinds.ContainsKey(document["kind"]!.GetValue<string>()))
            .Select(document =>
                typeof(KubernetesJson)
                    .GetMethods()
                    .First(method =>
                        method is { Name: "Deserialize" } && method.GetParameters()[0].ParameterType == typeof(string)
                    )
                    .MakeGenericMethod(kinds[document["kind"]!.GetValue<string>()])
                    .Invoke(null, [document.ToJsonString(), null])
            )
            .Cast<IKubernetesObject<V1ObjectMeta>>();

        Assert.All(objects, item => Assert.NotEmpty(item.Metadata.Name));
    }

    [Fact]
    public void There_are_samples()
    {
        Assert.NotEmpty(CrdFiles.SampleNames);
    }
}
