#include "server/search/stop_words.hpp"

#include "index/analysis.hpp"

#include <map>
#include <string>
#include <unordered_set>

namespace rapporteur::search {
namespace {

struct list {
  std::string_view language;
  std::string_view words;  // as written; separated by blanks
};

// Left out on purpose: words that are as often names or nouns of the field (Spanish "sur", German "Recht", "may" as a
// month is accepted as a verb), and everything that negates.
constexpr list k_lists[] = {
    {"ar",
     "في من على إلى عن مع هذا هذه ذلك تلك الذي التي الذين اللذين ما ماذا هل كيف أين متى لماذا هو هي هم هن نحن أنا أنت "
     "كان كانت يكون تكون قد لقد أن إن أو ثم كما بين عند حتى إذا كل بعد قبل خلال حول"},
    {"da",
     "af alle at blev bliver da de dem den denne der deres det dette du efter eller en er et fik for fra ham han hans "
     "har havde her hos hun hvad hvem hvilken hvor hvordan i jeg kan man med men mig min mod må når og også om op os "
     "over på sig skal som til ud under var ved vi vil"},
    {"de",
     "ab aber alle als also am an auch auf aus bei beim bin bis bist da damit dann das dass daß dein dem den denn der "
     "des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er "
     "es euch für gegen hat hatte hatten haben hier ich ihm ihn ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem "
     "jeden jeder jedes kann können man mein mich mir mit nach noch nun nur ob oder seid sein seine seinem seinen "
     "seiner sich sie sind so soll sollte über um und uns unter vom von vor war waren warum was welche welcher welches "
     "wenn wer werden wie wieder wir wird wo wurde wurden zu zum zur zwischen"},
    {"en",
     "a about after again all also am an and any are as at be because been before being between both but by can could "
     "did do does doing during each either else etc ever every few for from further had has have having he her here "
     "hers him his how however i if in into is it its itself just let may me might more most much must my of off on "
     "once only or other others our ours out over own per shall she should since so some such than that the their "
     "theirs them themselves then there therefore these they this those through thus to too toward towards under until "
     "up upon us very via was we were what whatever when where whether which while who whom whose why will with within "
     "would yet you your yours"},
    {"es",
     "a al algo ante antes aquel aquella aquellos aún aunque cada como cómo con cual cuál cuando cuándo cuyo de del "
     "desde donde dónde dos durante e el él ella ellas ellos en entre era eran es esa esas ese eso esos esta ésta "
     "estaba están estar estas este esto estos fue fueron ha había han has hasta hay la las le les lo los más me mi "
     "mientras muy nos o otra otras otro otros para pero poco por porque pues que qué quien quién quienes se sea según "
     "ser si sido sobre son su sus también tan te tiene tienen toda todas todo todos tras tu un una unas uno unos y ya "
     "yo"},
    {"fi",
     "että hän he ja jo joka jos joita jonka jotka kaikki kanssa koska kuin kun me mikä minä missä mitä mukaan mutta "
     "myös ne niiden niin nyt oli olivat olla on ovat se sekä sen siitä sinä sitä tai tämä tämän te vai"},
    {"fr",
     "à afin ainsi alors après au aussi autre autres aux avant avec avoir c ça car ce ceci cela celle celles celui ces "
     "cet cette ceux chaque chez comme comment d dans de depuis des dès deux dont du elle elles en encore entre es est "
     "et étaient était été être eu eux fut il ils j je jusque l la laquelle le lequel les lesquels leur leurs lors "
     "lorsque lui m ma mais me même mes moi mon n ne nos notre nous on ont ou où par parce pendant peu peut plus pour "
     "pourquoi qu quand que quel quelle quelles quels qui quoi s sa se selon sera ses si son sont sous sur t ta te tes "
     "toi ton tous tout toute toutes tu un une vers vos votre vous y"},
    {"id",
     "ada adalah akan antara apa atau bagi bahwa bagaimana dalam dan dapat dari dengan di hal ia ini itu juga kami "
     "kapan "
     "karena kata ke kepada kita lalu lebih mana mengapa mereka oleh pada para saat saja sampai satu sebagai sejak "
     "siapa sudah telah tentang untuk yang"},
    {"it",
     "a ad agli ai al alla alle allo anche c che chi ci come con cosa cui da dagli dai dal dalla dalle de degli dei "
     "del "
     "della delle dello di dopo dove e è ed era erano essere fra fu gli ha hanno i il in io l la le lei li lo loro lui "
     "ma mentre mi mia mio ne negli nei nel nella nelle noi o ogni per perché però più poi qual quale quali quando "
     "quanto quella quelle quelli quello questa queste questi questo se sei si sia sono sopra su sua sue sugli sui sul "
     "sulla sulle suo suoi tra tu un una uno voi"},
    {"nl",
     "aan al als bij daar dan dat de deze die dit doch door dus een en er ge had haar heb hebben heeft hem het hier "
     "hij "
     "hoe hun ik in is ja je kan kon kunnen maar me meer men met mij mijn na naar nog nu of om omdat onder ons ook op "
     "over te tegen toch toen tot u uit uw van veel voor waarom waar was wat we wel welke werd wie wij worden wordt "
     "zal "
     "ze zich zij zijn zo zou"},
    {"no",
     "alle at av ble blir både da de deg dem den denne der deres det dette du eller en er et etter for fordi fra før "
     "ha "
     "hadde han hans har her hos hun hva hvem hvilken hvis hvor hvordan hvorfor i jeg kan man med meg men min mot må "
     "når nå og også om opp oss over på seg som så til under ut var ved vi vil være"},
    {"pt",
     "a ao aos aquela aquele aqueles as até através cada com como contra cujo da das de dela dele deles depois desde "
     "do "
     "dos durante e é ela elas ele eles em entre era eram essa esse esses esta está estão estas este estes eu foi "
     "foram "
     "há isso isto já la lhe lo mais mas me mesmo meu minha muito na nas no nos nós o onde os ou para pela pelas pelo "
     "pelos por porque qual quais quando que quem se seja sem ser seu seus só sobre sua suas também te tem têm todo "
     "todos tu um uma umas uns você"},
    {"ro",
     "a acest această aceste acestea acestor acestui ai al ale alte am ar are as au ca că care ce cea cei cele cine cu "
     "cum când da dacă de decât deci din dintre doar după ea ei el ele era este eu fi fie fost iar îl îi în între își "
     "l "
     "la le lor lui mai mult ne noi o ori pe pentru prin sa să sale sau se si și sub sunt te tot toate un unde unei "
     "unor unui va vor"},
    {"ru",
     "а без более бы был была были было быть в вам вас во вот все всего всех вы где да для до его ее её если есть еще "
     "ещё же за здесь и из или им их к как какая какие какой ко когда который которая которое которые кто ли между "
     "меня "
     "мне мы на над наш него нее ней них но о об однако он она они оно от перед по под после потому при про с свой "
     "себя "
     "со так также такой там тем то того тоже той только том ты у уже чего чем что чтобы эта эти это этого этой этом "
     "этот я"},
    {"sv",
     "alla att av blev blir då de dem den denna deras dess det detta dig din du där efter eller en er ett från för "
     "genom ha hade han hans har henne hon honom hos hur i jag kan man med mellan men mig min mot måste ni nu när och "
     "också om oss på samt sedan sig sin ska skulle som så till under ur ut vad var varför vem vi vid vilka vilken är "
     "över"},
    {"tr",
     "ama ancak bazı ben bir biz bu bunu bunun çok çünkü da daha de diye en gibi göre hangi hem hep her için ile ise "
     "kadar ki kim mi mı mu mü nasıl ne neden nerede o olan olarak olduğu on onlar onu onun ona öyle sen siz sonra şey "
     "şu tüm ve veya ya yani"},
};

class table {
 public:
  table() {
    for (const list& l : k_lists) {
      languages_.push_back(l.language);
      std::unordered_set<std::string>& words = by_language_[l.language];
      for (std::size_t at = 0; at < l.words.size();) {
        const std::size_t end = std::min(l.words.find(' ', at), l.words.size());
        if (end > at) {
          std::string word = index::fold(l.words.substr(at, end - at));
          any_.insert(word);
          words.insert(std::move(word));
        }
        at = end + 1;
      }
    }
  }

  [[nodiscard]] const std::vector<std::string_view>& languages() const { return languages_; }
  [[nodiscard]] bool holds(std::string_view language, std::string_view word) const {
    const auto l = by_language_.find(language);
    return l != by_language_.end() && l->second.contains(std::string(word));
  }
  [[nodiscard]] bool holds_anywhere(std::string_view word) const { return any_.contains(std::string(word)); }

 private:
  std::vector<std::string_view> languages_;
  std::map<std::string_view, std::unordered_set<std::string>> by_language_;
  std::unordered_set<std::string> any_;
};

const table& all() {
  static const table t;
  return t;
}

}  // namespace

const std::vector<std::string_view>& stop_word_languages() {
  return all().languages();
}

bool is_stop_word(std::string_view language, std::string_view folded) {
  return all().holds(language, folded);
}

bool is_stop_word_anywhere(std::string_view folded) {
  return all().holds_anywhere(folded);
}

}  // namespace rapporteur::search
