"""The themes of the demo: three for welfare, two for learning, and three more to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.local.demo.cast import (
    CHILDREN,
    CULTURE,
    ENVIRONMENT,
    GARDENER,
    HEALTH,
    LIBRARIAN,
    NURSE,
    TEACHER,
    TOWN_HALL,
    Person,
)
from shared.contracts.vocabulary import (
    ActorGroup,
    Criterion,
    DemandOrigin,
    NetworkType,
    OrgUnitId,
    Verdict,
)

HALF_YEAR = "2013-H2"

RATIONALES: Mapping[Criterion, str] = {
    Criterion.WELFARE_OR_QUALITY: "Borgeren mærker forskellen, eller opgaven løses bedre.",
    Criterion.CURRENT_AND_WANTED: "Ønsket kommer fra medarbejdere og deles af chefforum.",
    Criterion.CROSS_CUTTING: "Ingen afdeling kan løse det alene.",
    Criterion.COMPLEXITY: "Der er flere årsager og ingen kendt løsning.",
    Criterion.NEW_LEARNING: "Vi ved for lidt om, hvad der virker.",
    Criterion.INNOVATION: "Der er noget nyt at prøve af.",
    Criterion.NEW_PERSPECTIVES: "Aktører uden for kommunen ser det anderledes end vi.",
}


@dataclass(frozen=True)
class Theme:
    """A theme as an employee proposes it, and how the chief forum will see it."""

    title: str
    network_type: NetworkType
    proposer: Person
    need: str
    platform: str
    potential: str
    difference: str
    departments: tuple[OrgUnitId, ...]
    actors: tuple[ActorGroup, ...]
    unmet: Criterion | None = None

    @property
    def proposal(self) -> dict[str, Any]:
        """The theme template, filled in."""
        return {
            "template_version": 1,
            "title": self.title,
            "identified_need": self.need,
            "burning_platform": self.platform,
            "network_potential": self.potential,
            "previous_attempts": "Afdelingerne har prøvet hver for sig.",
            "demand_origins": [DemandOrigin.BOTTOM_UP, DemandOrigin.TOP_DOWN],
            "affected_departments": [str(each) for each in self.departments],
            "actor_groups": [ActorGroup.EMPLOYEE, *self.actors],
            "strategic_agenda_ref": "Velfærd på ny",
            "wished_type": self.network_type,
        }

    @property
    def assessment(self) -> dict[str, Any]:
        """The matrix of the seven criteria, filled in."""
        return {
            "assessments": [
                {
                    "criterion": criterion,
                    "verdict": Verdict.NOT if criterion == self.unmet else Verdict.MET,
                    "rationale": rationale,
                }
                for criterion, rationale in RATIONALES.items()
            ],
            "demand_top": True,
            "demand_bottom": True,
        }


ELDERLY = Theme(
    "Trygge ældre i eget hjem",
    NetworkType.WELFARE,
    NURSE,
    need="Flere bor længere hjemme, og hjælpen kommer fra mange, som ikke kender hinanden.",
    platform="Antallet af akutte indlæggelser stiger, og pårørende efterlyser én indgang.",
    potential="Hjemmepleje, frivillige og pårørende kan sammen finde en enklere hverdag.",
    difference="Den ældre oplever én sammenhængende hjælp.",
    departments=(HEALTH, CULTURE),
    actors=(ActorGroup.CITIZEN, ActorGroup.ASSOCIATION),
)
SCHOOL_START = Theme(
    "Fra børnehave til skole",
    NetworkType.WELFARE,
    TEACHER,
    need="Overgangen fra børnehave til skole er et brud for nogle børn.",
    platform="Hvert år begynder børn i skole hos voksne, der ikke kender dem.",
    potential="Pædagoger, lærere og forældre kan skabe en fælles overgang.",
    difference="Barnet bliver mødt af voksne, der kender det.",
    departments=(CHILDREN, HEALTH),
    actors=(ActorGroup.CITIZEN,),
)
FAMILIES = Theme(
    "Sunde familier i hverdagen",
    NetworkType.WELFARE,
    LIBRARIAN,
    need="Familier med få kræfter når sjældent de tilbud, der er lavet til dem.",
    platform="Uligheden i sundhed vokser, og tilbuddene står halvtomme.",
    potential="Foreninger, biblioteker og sundhedsplejen møder familierne hver dag.",
    difference="Familien finder hjælp der, hvor den i forvejen kommer.",
    departments=(CULTURE, HEALTH),
    actors=(ActorGroup.CITIZEN, ActorGroup.ASSOCIATION),
)
PROJECTS = Theme(
    "Projektledelse",
    NetworkType.LEARNING,
    GARDENER,
    need="Vi leder projekter på mange måder og deler ikke erfaringerne.",
    platform="Projekter bliver forsinket af det samme igen og igen.",
    potential="Projektledere fra alle afdelinger kan lære af hinanden.",
    difference="Viden om projektledelse bruges i egen afdeling.",
    departments=(ENVIRONMENT, TOWN_HALL),
    actors=(ActorGroup.KNOWLEDGE_INSTITUTION,),
)
PROCESSES = Theme(
    "Procesledelse",
    NetworkType.LEARNING,
    TEACHER,
    need="Møder og forløb på tværs mangler nogen, der kan lede processen.",
    platform="Gode idéer strander, fordi ingen faciliterer dem.",
    potential="De, der faciliterer i dag, kan lære det fra sig.",
    difference="Flere kan lede en proces i egen afdeling.",
    departments=(CHILDREN, TOWN_HALL),
    actors=(ActorGroup.KNOWLEDGE_INSTITUTION,),
)
URBAN_FARMING = Theme(
    "Urban farming",
    NetworkType.INNOVATION,
    GARDENER,
    need="Byens tomme arealer ligger hen, og borgere vil gerne dyrke dem.",
    platform="Visionen om den grønne by har brug for nye veje.",
    potential="Virksomheder, borgere og forskere kan prøve nyt land af.",
    difference="Byen bliver grønnere, og nye fællesskaber opstår.",
    departments=(ENVIRONMENT, CULTURE),
    actors=(ActorGroup.CITIZEN, ActorGroup.COMPANY),
)
SHARING = Theme(
    "Deleøkonomi",
    NetworkType.LEARNING,
    LIBRARIAN,
    need="Borgere deler biler, værktøj og viden, og kommunen ved kun lidt om det.",
    platform="Nye måder at dele på rammer regler, der er skrevet til noget andet.",
    potential="Foreninger og virksomheder ved, hvad der virker.",
    difference="Kommunen kan støtte det, der er værd at støtte.",
    departments=(CULTURE, ENVIRONMENT),
    actors=(ActorGroup.ASSOCIATION, ActorGroup.COMPANY),
)
VOLUNTEERING = Theme(
    "Frivillighed",
    NetworkType.LEARNING,
    NURSE,
    need="Afdelingerne vil gerne have flere frivillige med.",
    platform="Frivillige søger andre steder hen, når vi ikke tager godt imod dem.",
    potential="Foreningerne kan lære os, hvordan man tager imod.",
    difference="Frivillige bliver taget godt imod.",
    departments=(HEALTH, CULTURE),
    actors=(ActorGroup.ASSOCIATION,),
    unmet=Criterion.COMPLEXITY,
)

WELFARE = (ELDERLY, SCHOOL_START, FAMILIES)
LEARNING = (PROJECTS, PROCESSES)
FURTHER = (URBAN_FARMING, SHARING, VOLUNTEERING)
THEMES = (*WELFARE, *LEARNING, *FURTHER)
SELECTED = (*WELFARE, *LEARNING)
RANKING = (ELDERLY, PROJECTS, SCHOOL_START, FAMILIES, PROCESSES, URBAN_FARMING, SHARING)
