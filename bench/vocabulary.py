"""Swedish-looking words and sentences, made by rules; none of them says anything about anybody."""

from collections.abc import Iterator
from itertools import accumulate, product
from random import Random


def words_in(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


FIRST = words_in("""
arbets barn beslut bild bo brev by cykel dag dal drick eld fack fart fest fisk fjäll flod fläkt fågel
fält färg garn glas gran grus gräs gröt gul hamn hav himmel hjul hus hägg häst höst is jord kaffe kajut kant kart katt
klipp klock klöver knapp korg kors kust kväll kärl käpp lag lamp land led ler ljus lund lykt lång lärk löv mark mjöl
moln morgon murar måne mån natt nyckel näver ord ost pappers park penn pil port päron regn ren ring ris rosen rot ryggs
råg rök saft salt sand segel sil sjö skogs skor sol spår spets stam sten stig stjärn stol strand ström stuv sund svan
säck säll tak tall tegel tid torg torn trapp träd tråd tunn tång vall vatten veck ved vid vind vinter väg väst ylle åker
ång äng äppel ö öst""")
LAST = words_in("""
arkiv backe balk bana band bark berg blad blick blomma bok bord bro bruk brygga bräda båt bänk cirkel dans
docka drake droppe duk fana fil flaska fot frukt fågel färja gata grind grupp gård halm handel hatt hylla häck hörna
kam kanna karta kassa kedja kista klocka klubb knut krans krok kruka kulle källa lada lampa lina lista luka lås lådor
maskin mast matta minne mur mössa märke nål panna park pelare plan plats port post press påse rad ram rand rep ring
ruta rum räka rör sal saga samling skede skepp skiva skola skrift skål skärm slinga sluss spel stege stig ström stuga
stund sång tavla teckning torn trapp tunna tävling vagn vas verk verkstad vik visa väv växt ägare öga ört""")
ENDINGS = ("", "s", "n", "na", "r")
ENGLISH = words_in("""
amber basket beacon border bridge candle canvas castle circle copper corner cradle desert drawer ember
feather fender fiddle forest garden gather gravel hammer harbor hollow island jacket kettle ladder lantern lumber
marble meadow mirror needle orchard paddle pebble pepper pillar pocket ribbon river saddle shadow silver sister
spiral spring summer temple thread timber trumpet tunnel valley velvet willow window winter wonder""")


def swedish() -> list[str]:
    """Compounds such as `fjällstuga`, some of them inflected: more than 20,000 words, always in the same order."""
    found = [f"{first}{last}{ending}" for first, last in product(FIRST, LAST) for ending in ENDINGS[:2]]
    Random(1).shuffle(found)
    return found


def english() -> list[str]:
    """Compounds such as `ambergarden`."""
    found = [f"{first}{last}" for first, last in product(ENGLISH, ENGLISH) if first != last]
    Random(2).shuffle(found)
    return found


def sentences(words: list[str], number: int, random: Random) -> Iterator[str]:
    """Sentences in which a few words are common and most are rare, as in any language (Zipf)."""
    weights = list(accumulate(1 / rank for rank in range(10, len(words) + 10)))
    for _ in range(number):
        said = random.choices(words, cum_weights=weights, k=random.randint(5, 10))
        yield f"{' '.join(said).capitalize()}."
