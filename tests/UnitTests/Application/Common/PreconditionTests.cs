using UserCqrs.Application.Common;

namespace UserCqrs.UnitTests.Application.Common;

public sealed class PreconditionTests
{
    [Fact]
    public void Compares_the_version_with_those_that_are_named()
    {
        Assert.Null(Precondition.None.Check(1));
        Assert.Null(Precondition.VersionIn([1, 2]).Check(1));
        Assert.Equal(Error.PreconditionFailed, Precondition.VersionIn([2]).Check(1));
        Assert.Equal(Error.PreconditionFailed, Precondition.VersionIn([]).Check(1));
        Assert.Null(Precondition.VersionNotIn([2]).Check(1));
        Assert.Equal(Error.PreconditionFailed, Precondition.VersionNotIn([1, 2]).Check(1));
        Assert.Equal(Error.PreconditionFailed, Precondition.NoUser.Check(1));
        Assert.Equal(Error.PreconditionRequired, Precondition.Missing.Check(1));
    }

    [Fact]
    public void Of_two_both_must_hold_and_the_first_speaks_first()
    {
        Assert.Null(Precondition.VersionIn([1]).And(Precondition.VersionNotIn([2])).Check(1));
        Assert.Null(Precondition.VersionIn([1]).And(Precondition.None).Check(1));
        Assert.Equal(Error.PreconditionFailed, Precondition.VersionIn([1]).And(Precondition.VersionNotIn([1])).Check(1));
        Assert.Equal(Error.PreconditionFailed, Precondition.None.And(Precondition.NoUser).Check(1));
        Assert.Equal(Error.PreconditionRequired, Precondition.Missing.And(Precondition.NoUser).Check(1));
    }

    [Fact]
    public void Of_three_all_must_hold()
    {
        var three = Precondition.VersionIn([1, 2]).And(Precondition.VersionNotIn([2])).And(Precondition.VersionNotIn([3]));

        Assert.Null(three.Check(1));
        Assert.Equal(Error.PreconditionFailed, three.Check(2));
        Assert.Equal(Error.PreconditionFailed, Precondition.None.And(Precondition.NoUser).And(Precondition.None).Check(1));
        Assert.Equal(Error.PreconditionRequired, Precondition.None.And(Precondition.None).And(Precondition.Missing).Check(1));
    }

    [Fact]
    public void A_user_that_does_not_exist_has_no_version()
    {
        Assert.Null(Precondition.None.Check(null));
        Assert.Null(Precondition.Missing.Check(null));
        Assert.Null(Precondition.NoUser.Check(null));
        Assert.Null(Precondition.VersionNotIn([1]).Check(null));
        Assert.Equal(Error.PreconditionFailed, Precondition.AnyUser.Check(null));
        Assert.Equal(Error.PreconditionFailed, Precondition.VersionIn([1]).Check(null));
        Assert.Null(Precondition.AnyUser.Check(1));
    }
}
