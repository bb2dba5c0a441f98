namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>The tests that share one running <see cref="Product"/>; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ProductCollection : ICollectionFixture<Product>
{
    public const string Name = "product";
}
